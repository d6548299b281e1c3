"""The words of an address: which choices there are, and how any query string is read as some."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from unicodedata import category
from urllib.parse import parse_qs

DIMENSIONS = (
    *("segment", "channel", "campaign", "region", "team", "owner"),
    *("pipeline", "stage", "plan", "reason"),
)
LIMITS = ("min_days", "min_amount", "lookback_days", "half_life_days")
OPTIONS = ("by", "model")
OPTION = re.compile(r"[a-z][a-z_]{0,39}", re.ASCII)
LARGEST_LIMIT = 10**12
PERIODS: Mapping[str, str] = {
    "all": "All time",
    "this_month": "This month",
    "last_month": "Last month",
    "this_quarter": "This quarter",
    "last_quarter": "Last quarter",
    "this_year": "This year",
    "last_year": "Last year",
    "30d": "Last 30 days",
    "90d": "Last 90 days",
    "365d": "Last 365 days",
    "365d_before": "The 365 days before those",
    "custom": "Custom dates",
}
COMPARISONS: Mapping[str, str] = {
    "previous": "Previous period",
    "year": "Same period last year",
    "none": "No comparison",
}
QUARTER = re.compile(r"(19|20|21)\d\dQ[1-4]", re.ASCII | re.IGNORECASE)
MOST_VALUES = 50
LONGEST_VALUE = 200
MOST_PARTS = 1000
QUOTED = 40
UNPRINTABLE = {"Cc", "Cs"}  # control characters; halves of characters


def read(query: str) -> dict[str, Any]:
    """The choices that a raw query string makes, by name, and the ``notices`` about the rest.

    Keys that are no filter (``page``, ``sort``) are other people's and passed over.
    """
    return _Reading(query).choices()


class _Reading:
    """One address being read, and what there is to say about it."""

    def __init__(self, query: str) -> None:
        self.notices: list[str] = []
        try:
            self.asked = parse_qs(query, keep_blank_values=True, max_num_fields=MOST_PARTS)
        except ValueError:
            self.asked = {}
            self._notice("The address has too many parts; showing the default.")

    def choices(self) -> dict[str, Any]:
        return {
            **self._period(),
            "compare": self._choice("compare", COMPARISONS) or "previous",
            **{name: self._values(name) for name in DIMENSIONS},
            "as_of": self._date("as_of", "showing the newest data"),
            "quarter": self._quarter(),
            **{name: self._limit(name) for name in LIMITS},
            **{name: self._option(name) for name in OPTIONS},
            "notices": tuple(self.notices),
        }

    def _period(self) -> dict[str, Any]:
        """Dates without a word about the period mean custom dates."""
        bare = "period" not in self.asked and (self._last("start") or self._last("end"))
        code = "custom" if bare else self._choice("period", PERIODS)
        if code != "custom":
            return {"period": code}
        start = self._date("start", "showing the default")
        end = self._date("end", "showing the default")
        if start is None or end is None:
            if not self.notices:
                self._notice("Custom dates need both a start and an end; showing the default.")
            return {}
        if end < start:
            self._notice(f"The end {end} lies before the start {start}; showing the default.")
            return {}
        return {"period": code, "start": start, "end": end}

    def _choice(self, name: str, known: Mapping[str, str]) -> str | None:
        text = self._last(name)
        if text is None or text in known:
            return text
        noun = "Comparison" if name == "compare" else name.capitalize()
        self._notice(f"{noun} {_quoted(text)} is unknown; showing the default.")
        return None

    def _date(self, name: str, instead: str) -> date | None:
        text = self._last(name)
        if text is None:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._notice(f"{_quoted(text)} is not a date such as 2025-01-31; {instead}.")
            return None

    def _quarter(self) -> str | None:
        """A fiscal quarter, as ``2025Q3``."""
        text = self._last("quarter")
        if text is None or QUARTER.fullmatch(text):
            return text and text.upper()
        self._notice(f"{_quoted(text)} is not a quarter such as 2025Q3; showing the default.")
        return None

    def _limit(self, name: str) -> int | None:
        """A whole number that is not negative."""
        text = self._last(name)
        if text is None:
            return None
        if text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST_LIMIT:
            return int(text[:20])
        self._notice(f"{_quoted(text)} is not a whole number such as 45; showing the default.")
        return None

    def _option(self, name: str) -> str | None:
        """One word of those that a page offers, which the page knows."""
        text = self._last(name)
        if text is None or OPTION.fullmatch(text):
            return text
        self._notice(f"{_quoted(text)} is no choice of {name}; showing the default.")
        return None

    def _values(self, name: str) -> tuple[str, ...]:
        given = self.asked.get(name, [])
        cleaned = [_printable(text) for text in given]
        if cleaned != given:
            self._notice(f"Unprintable characters were left out of the {name} filter.")
        wanted = [text for text in dict.fromkeys(text.strip() for text in cleaned) if text]
        kept = [text for text in wanted if len(text) <= LONGEST_VALUE]
        if kept != wanted:
            self._notice(f"A {name} of more than {LONGEST_VALUE} characters was left out.")
        if len(kept) > MOST_VALUES:
            self._notice(f"Only the first {MOST_VALUES} values of the {name} filter are used.")
        return tuple(kept[:MOST_VALUES])

    def _last(self, name: str) -> str | None:
        """The last value of a key that can be given once; None when it is blank."""
        return self.asked.get(name, [""])[-1].strip() or None

    def _notice(self, sentence: str) -> None:
        if sentence not in self.notices:
            self.notices.append(sentence)


def _printable(text: str) -> str:
    return "".join(one for one in text if category(one) not in UNPRINTABLE)


def _quoted(text: str) -> str:
    shown = _printable(text[: QUOTED + 1])
    return f"“{shown[: QUOTED - 1] + '…' if len(shown) > QUOTED else shown}”"
