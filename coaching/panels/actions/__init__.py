"""Next best actions as pages show them: the list with its forms, the table, the contract."""

from coaching.panels.actions.contract import next_best_actions
from coaching.panels.actions.listed import TEMPLATE, URL, Kept, section
from coaching.panels.actions.page import PAGE, beside, page
from coaching.panels.actions.why import explained

__all__ = [
    "PAGE",
    "TEMPLATE",
    "URL",
    "Kept",
    "beside",
    "explained",
    "next_best_actions",
    "page",
    "section",
]
