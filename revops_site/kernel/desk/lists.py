"""Lists that open in a blink: large tables are counted by estimate and sorted by their indexes."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import Max, Min, Model, QuerySet, UniqueConstraint
from django.utils.functional import cached_property
from django.utils.text import capfirst

from revops_site.kernel import counts

if TYPE_CHECKING:
    BasePages = Paginator[Any]
else:
    BasePages = Paginator

LARGE = 100_000  # rows, from which on nothing may look at all of them
PARTS = ("year", "month", "day")
REACH = 10_000  # rows of a large table that one can page through; then a filter finds more


def is_large(model: type[Model]) -> bool:
    """Whether the table has too many rows to look at all of them while somebody waits."""
    return counts.about(model) > LARGE


def indexed(model: type[Model]) -> set[str]:
    """The fields that some index or key of all of the table begins with."""
    meta = model._meta
    whole = [index for index in meta.indexes if index.fields and index.condition is None]
    fields = [index.fields[0].lstrip("-") for index in whole]
    keys = [c.fields for c in meta.constraints if isinstance(c, UniqueConstraint)]
    fields += [names[0] for names in keys if names]
    fields += [
        f.name for f in meta.concrete_fields if getattr(f, "db_index", False) or f.primary_key
    ]
    return set(fields)


class Pages(BasePages):
    """Pages of a list; of a large table's, the first ten thousand rows, with its size by estimate.

    ``total`` is how many rows there are.
    """

    object_list: QuerySet[Any]

    @cached_property
    def total(self) -> int:
        """The rows there are: counted, estimated, or as far as it pays to count."""
        if not self._is_large:
            return int(self.object_list.count())
        if not self.object_list.query.where:
            return counts.about(self.object_list.model)
        return int(self.object_list.order_by()[: REACH + 1].count())

    @cached_property
    def count(self) -> int:
        """The rows that one can page through."""
        return min(self.total, REACH) if self._is_large else self.total

    @property
    def says(self) -> str:
        """How many there are, in words."""
        names = self.object_list.model._meta
        name = names.verbose_name if self.total == 1 else names.verbose_name_plural
        if self.total == self.count:
            return f"{self.total:,} {name}"
        if self.object_list.query.where:
            return f"more than {REACH:,} {name}; filter to find the others"
        return f"about {round(self.total, -3):,} {name}, of which {REACH:,} can be paged through"

    @cached_property
    def _is_large(self) -> bool:
        return is_large(self.object_list.model)


class Lists(ChangeList):
    """A list whose days to choose from are told by the first and the last of them.

    A large table whose days no index knows offers none: to find the ends it would be read whole.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        if is_large(self.model) and self.date_hierarchy not in indexed(self.model):
            self.date_hierarchy = None
        if not self.is_popup:
            self.title = capfirst(str(self.opts.verbose_name_plural))

    @property
    def days(self) -> dict[str, Any]:
        """What the template of the date hierarchy shows: years, months or days, and a way back."""
        name = str(self.date_hierarchy)
        chosen = {f"{name}__{part}": self.params.get(f"{name}__{part}") for part in PARTS}
        asked = [int(part) for part in chosen.values() if part]
        ends = self._among(asked).order_by().aggregate(first=Min(name), last=Max(name))
        first, last = _day(ends["first"]), _day(ends["last"])
        choices = [] if first is None or last is None else list(_steps(asked, first, last))
        return {
            "show": True,
            "back": self._step(asked[:-1], "All dates") if asked else None,
            "choices": [self._step(step) for step in choices if len(step) > len(asked)]
            or [{"title": _title(asked)}],
        }

    def _among(self, asked: list[int]) -> QuerySet[Any]:
        """The rows whose days are offered: the list's, or all of a large table's by its index."""
        found: QuerySet[Any] = self.queryset
        if not is_large(self.model):
            return found
        name = str(self.date_hierarchy)
        parts = zip(PARTS, asked, strict=False)
        among = {f"{name}__{part}": at for part, at in parts}
        found = self.root_queryset.filter(**among)
        return found

    def _step(self, step: list[int], title: str = "") -> dict[str, str]:
        name = str(self.date_hierarchy)
        parts = zip(PARTS, step, strict=False)
        link = self.get_query_string({f"{name}__{part}": at for part, at in parts}, [f"{name}__"])
        return {"link": link, "title": _title(step) or title}


def _day(moment: date | datetime | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment


def _steps(asked: list[int], first: date, last: date) -> Iterator[list[int]]:
    """The years, months of a year or days of a month that lie between the first and last day."""
    lowest, highest = first.timetuple()[:3], last.timetuple()[:3]
    level = len(asked)
    if level < 3:
        for at in range(lowest[level], highest[level] + 1):
            yield [*asked, at]


def _title(step: list[int]) -> str:
    if len(step) == 3:
        return f"{step[2]} {calendar.month_abbr[step[1]]}"
    return f"{calendar.month_abbr[step[1]]} {step[0]}" if len(step) == 2 else str(*step)
