"""What the text of a cell looks like: a number, a date, or just text."""

from __future__ import annotations

import re

_MONEY = r"(?:[$€£¥₹]|[A-Z]{3}|R\$|kr|zł)?"
_NUMBER = re.compile(
    rf"[-+−(]?\s*{_MONEY}\s*[-+−]?(?:\d[\d.,'’ \u00a0\u202f]*|\.\d+)(?:[eE][-+]?\d+)?"
    rf"\s*(?:%|{_MONEY}|[kKmM])\)?"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].*)?"
    rf"|\d{{1,2}}[- ]{_MONTH}[- ,]*\d{{2,4}}(?: .*)?|{_MONTH} \d{{1,2}},? \d{{4}}(?: .*)?"
    r"|\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_NOTHING = frozenset({"", "na", "n/a", "#n/a", "null", "none", "nan", "-", "--", "–", "?"})
# A longer text is none of these, and looking for them would take long.
_MOST = 64


def is_nothing(text: str) -> bool:
    """Whether there is no value, by any of the usual words."""
    return text.casefold() in _NOTHING


def is_typed(text: str) -> bool:
    """Whether it is a number, an amount, a percentage, a date or a time."""
    if len(text) > _MOST or not any(map(str.isdigit, text)):
        return False
    return bool(_NUMBER.fullmatch(text) or _DATE.fullmatch(text))


def is_year(text: str) -> bool:
    """Whether it is a year of four digits, as stands above a column."""
    return bool(_YEAR.fullmatch(text))
