"""The answers to questions: what can be asked for, and what is shown of it."""

from insights.panels.asking.card import card
from insights.panels.asking.page import URL, page
from insights.panels.asking.plain import asked, is_paged, modelled, plain, suggested, typed

__all__ = ["URL", "asked", "card", "is_paged", "modelled", "page", "plain", "suggested", "typed"]
