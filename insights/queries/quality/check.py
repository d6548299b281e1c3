"""A check of the data's quality as data, and the SQL that it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from psycopg.sql import SQL, Composable, Identifier

from revops_site.kernel import freshness, periods
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.models import Workspace

Severity: TypeAlias = Literal["wrong", "missing", "odd"]
EVERYTHING = "true"


@dataclass(frozen=True)
class Check:
    """Rows of a dataset that somebody should look at.

    ``finds`` is the SQL that holds for them, over the row ``it``; ``among`` limits the rows that
    are looked at. In both, ``{name}`` is the table of that dataset out of ``needs``; of use are the
    parameters ``today``, ``tomorrow`` (the moment it begins), ``as_of`` (the last day of data),
    ``currency`` (the reporting one), ``quarter_start`` and ``quarter_end`` (the day after it).
    Without rows in each of the tables it needs, a check says nothing. ``columns`` of the table are
    shown of what it finds, in the order of ``order`` and then of the key. ``clock`` names the
    datasets whose last day ``as_of`` is, if not its own. ``severity``: ``wrong`` makes numbers
    wrong, ``missing`` leaves something out of them, ``odd`` is worth a look.
    """

    slug: str
    label: str
    meaning: str
    severity: Severity
    dataset: Dataset
    finds: str
    columns: tuple[str, ...]
    among: str = EVERYTHING
    needs: tuple[Dataset, ...] = ()
    clock: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

    @property
    def datasets(self) -> tuple[Dataset, ...]:
        """All of which it needs rows."""
        return tuple({one.name: one for one in (self.dataset, *self.needs)}.values())

    @property
    def table(self) -> Composable:
        """The rows it looks at, as ``it``."""
        return SQL("{} AS it").format(Identifier(self.dataset.table._meta.db_table))

    @property
    def looks_at(self) -> Composable:
        """The condition of the rows that it looks at."""
        return self._sql(self.among)

    @property
    def found(self) -> Composable:
        """The condition of those that it finds."""
        return SQL("({}) AND ({})").format(self.looks_at, self._sql(self.finds))

    def parameters(self, workspace: Workspace) -> Mapping[str, Any]:
        """What the SQL's parameters are now."""
        today = freshness.stamp(workspace)
        clock = self.clock or (self.dataset.name,)
        as_of = min(today, freshness.of(clock, workspace).last_day or today)
        quarter = periods.fiscal_quarter(as_of, workspace.fiscal_year_start_month)
        zone = ZoneInfo(workspace.time_zone)
        return {
            "today": today,
            "tomorrow": datetime.combine(today + timedelta(days=1), time(), zone),
            "as_of": as_of,
            "currency": workspace.reporting_currency,
            "quarter_start": quarter.start,
            "quarter_end": quarter.end,
        }

    def _sql(self, text: str) -> Composable:
        tables = {one.name: Identifier(one.table._meta.db_table) for one in self.datasets}
        return SQL(text).format(**tables)
