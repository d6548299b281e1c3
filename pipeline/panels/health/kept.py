"""Health as it is stored: little is reckoned at once when it is asked for, much in the background.

Of the newest day the deals that a load has touched are reckoned anew, all of them on a new day. A
past day is reckoned when somebody asks for it, and again once the data have changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pandas as pd
from django.db import connection, transaction

from pipeline.panels.health.judged import judge
from pipeline.queries import evidence, standing
from pipeline.queries import health as stored
from pipeline.rollups import health
from revops_site.kernel import clock, freshness
from revops_site.kernel.filters import Filters, Slice, narrow
from revops_site.kernel.permissions import EVERYBODY
from revops_site.kernel.queries import shared, sharing, workspace

MOST_AT_ONCE = 20_000  # more deals than these nobody should wait for


@shared
def ready(slice_: Slice) -> bool:
    """Whether the health of the slice's day is as the data are; what is quick is done for it."""
    day = slice_.as_of
    if stored.is_current(day, workspace()):
        return True
    if stored.work(day) <= MOST_AT_ONCE:
        reckon(day)
        return True
    health.soon(None if day == standing.last_day() else day)
    return False


def reckon(day: date | None = None, *, whole: bool = False, many: int = MOST_AT_ONCE) -> int:
    """Reckon what is due of a day, else of the newest one; how many deals were.

    What is due are the deals that were touched since, or all where the day was not reckoned yet,
    where it is a past one, or where ``whole`` is asked for. Pages did not wait for more than
    ``many``, and remember the scores of before: they are told.
    """
    newest = standing.last_day()
    day = day or newest
    if day is None:
        return 0
    with transaction.atomic(), sharing(), connection.cursor() as cursor:
        health.hold(cursor)
        at = freshness.workspace()
        is_newest = day == newest
        due = health.take_due(cursor) if is_newest else frozenset()
        known = is_newest and not whole and health.ALL not in due and stored.is_kept(day, at)
        if not is_newest and stored.is_current(day, at):
            return 0  # somebody else was quicker
        ids = due if known else None
        judged = judge(whole_slice(day, at), ids) if ids is None or ids else None
        generation = at.generation
        if judged is not None:
            health.put(cursor, day, ids, stored.COLUMNS, _rows(judged, day))
            generation = _told_of(len(judged) > many, generation)
        health.close(
            cursor,
            day,
            ids,
            newest=newest,
            currency=at.reporting_currency,
            generation=generation,
            at=clock.now(),
        )
    return 0 if judged is None else len(judged)


def _told_of(is_much: bool, known: int) -> int:
    """Have pages drawn anew where scores are other than they remember; the state they are of."""
    if not is_much:
        return known
    freshness.bump()
    now = freshness.generation()
    return now if now == known + 1 else known  # a load came in meanwhile, which this knows not of


def differing(day: date | None = None) -> list[str]:
    """The deals of a day, else of the newest, that are stored otherwise than they would be now."""
    day = day or standing.last_day()
    if day is None:
        return []
    at = freshness.workspace()
    fresh = {str(row[1]): _told(row) for row in _rows(judge(whole_slice(day, at)), day)}
    known = {str(row[1]): _told(row) for row in stored.kept(day)}
    return sorted(one for one in {*fresh, *known} if fresh.get(one) != known.get(one))


def _told(row: Sequence[Any]) -> list[Any]:
    """A row's cells, money as the database rounds it, lists as they are written."""
    return [
        round(float(one), 6)
        if isinstance(one, float | Decimal)
        else _array(tuple(one))
        if isinstance(one, list)
        else one
        for one in row
    ]


def whole_slice(day: date, at: Any) -> Slice:
    """The whole company as of a day."""
    return narrow(
        Filters(),
        EVERYBODY,
        day,
        first_month=at.fiscal_year_start_month,
        currency=at.reporting_currency,
    )


def _rows(judged: pd.DataFrame, day: date) -> Iterator[Sequence[Any]]:
    """The scored deals by ``stored.COLUMNS``."""
    columns = [_plain(judged[name], whole=name in stored.WHOLE) for name in stored.COLUMNS[1:]]
    return ((day, *row) for row in zip(*columns, strict=True))


@lru_cache(maxsize=8192)
def _array(flags: tuple[str, ...]) -> str:
    """Flags as COPY takes an array of them; few of all combinations ever occur."""
    return evidence.as_array(flags)


def _plain(values: pd.Series[Any], *, whole: bool) -> list[Any]:
    """A column as the database takes it: nothing for what is not known."""
    kind = values.dtype.kind
    if not whole and kind not in "Mf":
        return [_array(one) if isinstance(one, tuple) else one for one in values.tolist()]
    known = values.notna().to_numpy()
    if kind == "M":
        told: Any = values.to_numpy(dtype="datetime64[D]").astype("object")
    else:
        numbers = values.fillna(0).to_numpy(dtype="float64")
        told = (numbers.astype("int64") if whole else numbers).astype("object")
    told[~known] = None
    found: list[Any] = told.tolist()
    return found
