"""Why a number changed: the page of one number, held against another period."""

from insights.panels.why.card import card, said
from insights.panels.why.numbers import Number, Question
from insights.panels.why.page import page

__all__ = ["Number", "Question", "card", "page", "said"]
