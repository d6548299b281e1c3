"""The inbox of alerts, and the form of one with what it would have done in the past."""

from insights.panels.alerts.form import Given, blank, fields_of, form, parsed
from insights.panels.alerts.inbox import news, page

__all__ = ["Given", "blank", "fields_of", "form", "news", "page", "parsed"]
