"""How a slice cuts a table, and how rows become a frame of stated columns."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeAlias, TypeVar

import pandas as pd
from django.db.models import Model, Q, QuerySet

from revops_site.kernel import freshness
from revops_site.kernel.filters import DIMENSIONS, Slice
from revops_site.kernel.frames import array, framed
from revops_site.kernel.models import Rep, Workspace
from revops_site.kernel.replica import connection

Columns: TypeAlias = Mapping[str, str]
M = TypeVar("M", bound=Model)
P = ParamSpec("P")
R = TypeVar("R")

_memo: ContextVar[dict[Hashable, Any] | None] = ContextVar("memo", default=None)


def cut(
    rows: QuerySet[M], slice_: Slice, *, when: str | None, dimensions: Mapping[str, str]
) -> QuerySet[M]:
    """The rows that the slice lets through.

    ``when`` is the date column that the period applies to, None for a table that has none;
    ``dimensions`` maps the filters this table knows to its columns, and with ``rep`` to the column
    that permission narrows. ``team`` maps to a column that holds a rep's id. A table without a
    ``rep`` column is open to everybody signed in.
    """
    asked = [
        Q(**{f"{column}__{lookup}": value})
        for column, lookup, value in conditions(slice_, when, dimensions)
    ]
    return rows.filter(*asked) if asked else rows


def conditions(
    slice_: Slice, when: str | None, dimensions: Mapping[str, str]
) -> Iterator[tuple[str, str, Any]]:
    """What ``cut`` asks of a row: column, lookup (lte, gte, lt or in), value."""
    if when is not None:
        yield when, "lte", slice_.as_of
    if when is not None and slice_.period is not None:
        yield when, "gte", slice_.period.start
        yield when, "lt", slice_.period.end
    for name in DIMENSIONS:
        chosen = getattr(slice_, name)
        if chosen and name in dimensions:
            yield dimensions[name], "in", members(chosen) if name == "team" else chosen
    if "rep" in dimensions and slice_.reps is not None:
        yield dimensions["rep"], "in", slice_.reps


def members(teams: Collection[str]) -> QuerySet[Rep, str]:
    """The ids of the reps of these teams, to be looked among."""
    return Rep.objects.filter(team__name__in=teams).values_list("rep_id", flat=True)


def to_frame(rows: Iterable[Sequence[Any]], columns: Columns) -> pd.DataFrame:
    """Tuples as a frame with exactly these columns and dtypes, also when there are none."""
    by_column = list(zip(*rows, strict=True)) or [()] * len(columns)
    pairs = zip(columns.items(), by_column, strict=True)
    return framed({name: array(values, dtype) for (name, dtype), values in pairs})


def written(rows: QuerySet[Any, Any]) -> str:
    """The SQL of a query with its values in place, to be read by people."""
    return filled(*rows.query.sql_with_params())


def filled(sql: str, values: Sequence[Any]) -> str:
    """SQL with its values in place."""
    return str(connection.ops.compose_sql(sql, values))  # type: ignore[attr-defined]


@contextmanager
def sharing() -> Iterator[None]:
    """Within this block and those in it a shared query runs once for each slice, whoever asks."""
    if _memo.get() is not None:
        yield
        return
    token = _memo.set({})
    try:
        yield
    finally:
        _memo.reset(token)


def shared(query: Callable[P, R]) -> Callable[P, R]:
    """Let the panels of one page that ask the same question share the answer."""

    @functools.wraps(query)
    def once(*args: P.args, **kwargs: P.kwargs) -> R:
        memo = _memo.get()
        if memo is None:
            return query(*args, **kwargs)
        key = (query.__module__, query.__qualname__, args, tuple(sorted(kwargs.items())))
        if key not in memo:
            memo[key] = query(*args, **kwargs)
        answer = memo[key]
        return freshness.own(answer)  # type: ignore[no-any-return]

    return once


def lasting(query: Callable[P, R]) -> Callable[P, R]:
    """Ask what no filter or reader changes, such as stages' names, once for each state of the data.

    So too what is asked of a team for each of its reps, with the same arguments.
    """

    @functools.wraps(query)
    def once(*args: P.args, **kwargs: P.kwargs) -> R:
        asked = repr((query.__module__, query.__qualname__, args, sorted(kwargs.items())))
        digest = hashlib.blake2s(asked.encode(), digest_size=12).hexdigest()
        key = f"lasting:{generation()}:{digest}"
        return freshness.remembered(key, lambda: query(*args, **kwargs))

    return shared(once)


@shared
def workspace() -> Workspace:
    """The one workspace, asked for once a page."""
    return freshness.workspace()


def generation() -> int:
    """The count of changes of the data, asked for once a page."""
    return workspace().generation
