"""The operands of a ledger by group: what a change is taken apart by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from psycopg.sql import SQL, Identifier

from revops_site.kernel.filters import Slice
from revops_site.kernel.frames import array, framed, grouped, listed
from revops_site.kernel.models import Rep
from revops_site.kernel.panels import Shown
from revops_site.kernel.queries import lasting, to_frame
from revops_site.kernel.replica import connection

GROUP = "group"
BELOW = "/"


@dataclass(frozen=True)
class Bridge:
    """What moved a stock: ``between`` two slices, of one of ``operands``, signed and by name.

    None where the one does not lead to the other. ``labels`` say what the movements are called.
    """

    between: Callable[[Slice, Slice, str], Mapping[str, float] | None]
    operands: Sequence[str]
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Parted:
    """Where the operands of a ledger come from by group.

    ``read`` gives a slice's operands by dimension: frames of ``group`` (text, "" where a row has
    none) and operands, which add up to the ledger's. ``dimensions`` are those it can give, those
    of most interest first. ``counted`` names the count that an amount is of; ``finer`` has for a
    formula the same with more operands, which are called as ``operands`` say. ``sample`` is the
    operand that tells how many a group rests on, ``BELOW`` what stands below the line, else what
    the ledger counts. ``whole`` are operands that no group has a share of; ``given`` those that
    the groups have, () for all others of the ledger. ``bridge`` tells what led from one stock to
    the next.
    """

    read: Callable[[Slice], Mapping[str, pd.DataFrame]]
    dimensions: Sequence[str]
    counted: Mapping[str, str] = field(default_factory=dict)
    finer: Mapping[str, str] = field(default_factory=dict)
    operands: tuple[Shown, ...] = ()
    bridge: Bridge | None = None
    sample: str = ""
    whole: Sequence[str] = ()
    given: Sequence[str] = ()


def folded(
    rows: pd.DataFrame, by: Mapping[str, str], operands: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """Rows of sums by several keys, summed up for each dimension alone: its column is named.

    ``operands`` gives each sum its dtype. With owners come teams.
    """
    found = {
        name: grouped(rows, (column,), operands).rename(columns={column: GROUP})
        for name, column in by.items()
    }
    return with_teams(found, operands)


def with_teams(
    found: dict[str, pd.DataFrame], operands: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """The same with the sums of the owners' teams, where owners are among them."""
    if "owner" not in found:
        return found
    owners, known = found["owner"], people()
    names = [known.get(one, ("", ""))[1] for one in listed(owners[GROUP])]
    columns = {GROUP: array(names, "str")}
    columns |= {name: owners[name].to_numpy() for name in operands}
    return {**found, "team": grouped(framed(columns), (GROUP,), operands)}


@lasting
def people() -> dict[str, tuple[str, str]]:
    """Each rep's name and team by the rep's id, "" for no team."""
    rows = Rep.objects.values_list("rep_id", "name", "team__name")
    return {rep_id: (name, team or "") for rep_id, name, team in rows}


def of_rows(
    rows: QuerySet[Any, Any], by: Mapping[str, str], sums: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """The sums of a query's rows, SQL by name, for each value of each of these columns, at once.

    ``by`` names the column of each dimension; the rows are to be read once.
    """
    try:
        inner, params = rows.order_by().query.sql_with_params()
    except EmptyResultSet:
        inner, params = "", ()
    return in_sets(inner, params, by, sums)


def in_sets(
    inner: str, params: Sequence[Any], by: Mapping[str, str], sums: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """The same over the rows of any query; nothing where it is "": no row can match."""
    columns = {"dimension": "str", GROUP: "str", **dict.fromkeys(sums, "float64")}
    found = to_frame(_fetched(_sql(inner, by, sums), params) if inner else (), columns)
    names = list(columns)[1:]
    each = {
        name: found.loc[found["dimension"] == name, names].reset_index(drop=True) for name in by
    }
    return with_teams(each, dict.fromkeys(sums, "float64"))


def _sql(inner: str, by: Mapping[str, str], sums: Mapping[str, str]) -> str:
    keys = [Identifier(column) for column in by.values()]
    is_of = [SQL("WHEN GROUPING({}) = 0").format(key) for key in keys]
    named = [
        SQL("{} THEN '{}'").format(case, SQL(name)) for case, name in zip(is_of, by, strict=True)
    ]
    values = [
        SQL("{} THEN COALESCE({}::text, '')").format(case, key)
        for case, key in zip(is_of, keys, strict=True)
    ]
    text = SQL(
        "SELECT CASE {named} END, CASE {values} END, {sums} FROM ({inner}) AS summed "
        "GROUP BY GROUPING SETS ({sets}) ORDER BY 1, 2"
    ).format(
        named=SQL(" ").join(named),
        values=SQL(" ").join(values),
        sums=SQL(", ").join([SQL("({})::float8").format(SQL(one)) for one in sums.values()]),
        inner=SQL(inner),
        sets=SQL(", ").join([SQL("({})").format(key) for key in keys]),
    )
    return text.as_string()


def _fetched(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
