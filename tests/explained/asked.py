"""Random questions of real values: any, of one row, of nothing, of odd days, of another day."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, TypeAlias

from revops_site.kernel.filters import COMPARISONS, LIMITS, PERIODS, Filters
from tests.explained.numbers import Numbers, Row

Asked: TypeAlias = dict[str, Any]
KINDS = ("any", "row", "any", "as_of", "odd", "any", "row", "nothing", "any", "as_of")
ODD = ("02-29", "12-31", "01-01", "03-31", "06-30")  # where months and years break


class Asking:
    """Questions that a reader's page understands, about the data that there are."""

    def __init__(self, numbers: Numbers, chance: random.Random) -> None:
        self.numbers, self.chance = numbers, chance
        start = numbers.reader.visit(numbers.case.page, "period=all")
        first, last = start.fresh.first_day, start.fresh.last_day
        assert first is not None
        assert last is not None
        self.first, self.last, self.start = first, last, start
        self.choices = {name: list(found) for name, found in start.choices.items() if found}

    def question(self, kind: str) -> str:
        """A question of this kind as an address's query."""
        made = {
            "any": self._any,
            "row": self._row,
            "as_of": self._as_of,
            "odd": self._odd,
            "nothing": self._nothing,
        }
        asked = {"compare": self.chance.choice(list(COMPARISONS)), **made[kind]()}
        return Filters(**asked).to_query()

    def _any(self) -> Asked:
        period = self.chance.choice([*PERIODS, *["all", "custom"] * 3])
        return {**self._period(period), **self._limits(), **self._chosen(0.25)}

    def _as_of(self) -> Asked:
        period = self.chance.choice([*PERIODS, "all"])
        return {**self._period(period), **self._chosen(0.15), "as_of": self._day()}

    def _odd(self) -> Asked:
        """One day alone, or up to a day that nobody has seen yet."""
        years = range(self.first.year, self.last.year + 1)
        days = [_day(year, self.chance.choice(ODD)) for year in years]
        start = self.chance.choice(days)
        end = self.chance.choice([start, self.last + timedelta(400)])
        return _custom(start, end) | self._chosen(0.1)

    def _nothing(self) -> Asked:
        """Days before there was anything."""
        before = self.first - timedelta(self.chance.randint(2, 900))
        days = {**_custom(before, self.first - timedelta(1)), **self._limits()}
        return self.chance.choice([days, {"period": "all", "as_of": before}])

    def _row(self) -> Asked:
        """As little as a filter can say of a row that there is."""
        ledgers = [*self.numbers.case.ledgers]
        self.chance.shuffle(ledgers)
        for ledger in ledgers:
            rows: Sequence[Row] = self.numbers.known(ledger, self.start.slice_).rows
            days = [shown.name for shown in ledger.columns if shown.show == "date"]
            if rows:
                row = self.chance.choice(rows)
                chosen = {
                    name: (row[name],)
                    for name, values in self.choices.items()
                    if row.get(name) in values
                }
                day = row[days[0]] if days else None
                return (_custom(day, day) if day else {"period": "all"}) | chosen
        return {"period": "all"} | self._chosen(0.9)

    def _period(self, period: str) -> Asked:
        days = sorted([self._day(), self._day()])
        return _custom(*days) if period == "custom" else {"period": period}

    def _chosen(self, likely: float) -> Asked:
        return {
            name: tuple(self.chance.sample(values, min(len(values), self.chance.choice([1, 1, 2]))))
            for name, values in self.choices.items()
            if self.chance.random() < likely
        }

    def _limits(self) -> Asked:
        """What a list of stuck deals begins at, where the page has such a list."""
        likely = {"min_days": (0, 17, 45, 90), "min_amount": (0, 999, 60_000, 10**9)}
        return {
            name: self.chance.choice(likely[name])
            for name in LIMITS
            if name in self.numbers.case.page.limits and self.chance.random() < 0.3
        }

    def _day(self) -> date:
        return self.first + timedelta(self.chance.randint(0, (self.last - self.first).days))


def _day(year: int, day: str) -> date:
    leaps = year % 4 == 0
    return date.fromisoformat(f"{year}-{day if leaps or day != '02-29' else '02-28'}")


def _custom(start: date, end: date) -> Asked:
    return {"period": "custom", "start": start, "end": max(start, end)}
