"""What may be shown: the part of the data that a question and a permission leave together."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from revops_site.kernel import periods
from revops_site.kernel.filters.address import DIMENSIONS, LIMITS, OPTIONS
from revops_site.kernel.filters.asked import Filters, Values
from revops_site.kernel.periods import Period

EARLIEST = date(1900, 1, 1)  # quarters and weeks before a day have to be days too


@dataclass(frozen=True)
class Allowed:
    """What somebody may see: the rows of these reps; None means everybody's."""

    reps: Values | None = None


@dataclass(frozen=True)
class Slice:
    """What may be shown: as of which day, over which days, narrowed to what.

    ``period`` None means all days up to ``as_of``; ``compare`` is the period it is held against,
    None for none. ``chosen_quarter`` is the fiscal quarter that was asked for, None for that around
    the day. ``reps`` is what permission leaves, None for everybody's. ``first_month`` is the
    first of the fiscal year, ``currency`` the one that money is reported in.
    """

    as_of: date
    period: Period | None
    compare: Period | None
    segment: Values
    channel: Values
    campaign: Values
    region: Values
    team: Values
    owner: Values
    pipeline: Values
    stage: Values
    plan: Values
    reason: Values
    min_days: int | None
    min_amount: int | None
    reps: Values | None
    first_month: int
    currency: str
    chosen_quarter: Period | None = None
    lookback_days: int | None = None
    half_life_days: int | None = None
    by: str | None = None
    model: str | None = None

    @property
    def quarter(self) -> Period:
        """The fiscal quarter that a forecast is of; it may lie after the day."""
        return self.chosen_quarter or periods.fiscal_quarter(self.as_of, self.first_month)

    @property
    def is_scoped(self) -> bool:
        """Whether it is about some reps alone, by choice or by permission."""
        return self.reps is not None or bool(self.owner or self.team)

    @cached_property
    def cache_key(self) -> str:
        """A short digest of everything above, the same in every process."""
        return hashlib.blake2s(repr(self).encode(), digest_size=12).hexdigest()

    def previous(self) -> Slice | None:
        """The compared period as a slice of its own, as of its own last day."""
        if self.compare is None:
            return None
        return self.at(self.compare.last_day, self.compare)

    def at(self, day: date, period: Period | None = None) -> Slice:
        """The same as of another day, in that day's quarter, compared with nothing."""
        return dataclasses.replace(
            self, as_of=day, period=period, compare=None, chosen_quarter=None
        )

    def not_applied(self, dimensions: Collection[str]) -> Values:
        """The dimensions that were asked for, but that a dataset with these does not have."""
        return tuple(name for name in DIMENSIONS if getattr(self, name) and name not in dimensions)


def narrow(
    asked: Filters,
    allowed: Allowed,
    last_day: date,
    *,
    first_month: int,
    currency: str,
    default_period: str | None = None,
) -> Slice:
    """What of ``asked`` may be shown, given data up to ``last_day``.

    Nothing lies after the day that the slice is as of: it is the asked one (1900 at the earliest),
    or the last of the data when that is earlier, or the last of an asked quarter that is over by
    then; and the period ends there at the latest. ``default_period`` is the page's own; without
    one, everything is shown.
    """
    as_of = max(min(asked.as_of or last_day, last_day), EARLIEST)
    quarter = None
    if asked.quarter:
        quarter = periods.coded_quarter(asked.quarter, first_month)
        as_of = min(as_of, quarter.last_day)
    code = asked.period or default_period or "all"
    period = _period(asked, code, as_of, first_month)
    compare = None
    if asked.compare != "none":
        compare = periods.compared(code, period, asked.compare, as_of, first_month)
    return Slice(
        as_of=as_of,
        period=period,
        compare=compare,
        **{name: getattr(asked, name) for name in (*DIMENSIONS, *LIMITS, *OPTIONS)},
        reps=allowed.reps,
        first_month=first_month,
        currency=currency,
        chosen_quarter=quarter,
    )


def _period(asked: Filters, code: str, as_of: date, first_month: int) -> Period | None:
    if code != "custom" or asked.start is None or asked.end is None:
        return periods.resolve(code, as_of, first_month)
    return Period(asked.start, periods.plus(asked.end, 1)).until(as_of)
