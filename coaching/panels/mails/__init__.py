"""Follow-up mails as pages show them: by state, one by one, and those that wait for a word."""

from coaching.panels.mails.contract import followups
from coaching.panels.mails.listed import page, to_approve
from coaching.panels.mails.one import page as one_page
from coaching.panels.mails.one import stop_page

__all__ = ["followups", "one_page", "page", "stop_page", "to_approve"]
