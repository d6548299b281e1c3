"""What is open as of a day, by stage or owner; and what of it is past due or stuck.

Open deals of the newest day are read from their roll-up. Before that day, or where money lacks an
exchange rate, the deals themselves are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias, get_args

import pandas as pd
from django.core.exceptions import EmptyResultSet

from pipeline.models import Deal, DealState, OpenDealStock
from pipeline.queries import deals
from pipeline.queries.states import moved_since
from revops_site.kernel.filters import Slice
from revops_site.kernel.frames import grouped
from revops_site.kernel.fx import rates
from revops_site.kernel.metrics import sums
from revops_site.kernel.parted import in_sets
from revops_site.kernel.queries import shared
from revops_site.kernel.summing import Sums

Key: TypeAlias = Literal["stage_name", "owner_id", "segment"]
OPERANDS: Mapping[str, str] = {
    "open_deals": "int64",
    "open_amount": "float64",
    "open_weighted": "float64",
    "open_missing": "int64",
    "open_unrated": "int64",
}
WATCHED: Mapping[str, str] = {
    "past_due": "int64",
    "past_due_amount": "float64",
    "stuck": "int64",
    "stuck_amount": "float64",
}
KEPT_SUMS = {
    "open_deals": "COALESCE(sum(deals), 0)::bigint",
    "open_amount": "COALESCE(sum(amount * rate), 0)::float8",
    "open_weighted": "COALESCE(sum(weighted * rate), 0)::float8",
    "open_missing": "COALESCE(sum(missing_amount), 0)::bigint",
    "open_unrated": "COALESCE(sum(deals - missing_amount) FILTER (WHERE rate IS NULL), 0)::bigint",
}
WORTH = "amount * rate"
# Of a column that each deal has: so the index of open deals says it all.
DEAL_SUMS = {
    "open_deals": "count(created_at)",
    "open_amount": f"COALESCE(sum({WORTH}), 0)::float8",
    "open_weighted": f"COALESCE(sum({WORTH} * LEAST(1, GREATEST(0, chance))), 0)::float8",
    "open_missing": "count(created_at) FILTER (WHERE amount IS NULL)",
    "open_unrated": "count(created_at) FILTER (WHERE amount <> 0 AND rate IS NULL)",
}
LATE = "close_date < day"
STUCK = f"day - since >= {{days}} AND {WORTH} >= {{amount}}"
WATCH_SUMS = {
    "past_due": f"count(created_at) FILTER (WHERE {LATE})",
    "past_due_amount": f"COALESCE(sum({WORTH}) FILTER (WHERE {LATE}), 0)::float8",
    "stuck": f"count(created_at) FILTER (WHERE {STUCK})",
    "stuck_amount": f"COALESCE(sum({WORTH}) FILTER (WHERE {STUCK}), 0)::float8",
}
# By dimension: the column that tells a group.
GROUPS = {
    "segment": "segment",
    "channel": "source_channel",
    "region": "region",
    "stage": "stage_name",
    "pipeline": "pipeline_id",
    "owner": "owner_id",
}
# What ``deals.open_`` says of single deals: how likely each is won, and since when it is in its
# stage; that may lie after a past day, of which all that is known of the stage is told later.
CHANCE = """COALESCE(probability, (
    SELECT stage.probability FROM pipeline_stage AS stage
    WHERE stage.stage_name = {table}.stage_name AND (
        stage.pipeline_id = {table}.pipeline_id
        OR stage.pipeline_id IS NULL OR {table}.pipeline_id IS NULL
    )
    ORDER BY stage.pipeline_id IS DISTINCT FROM {table}.pipeline_id,
        stage.probability IS NULL, stage.pipeline_id, stage.stage_order, stage.stage_id
    LIMIT 1
)) AS chance"""
SINCE = "COALESCE(last_stage_change, created_at) AS since"
SINCE_THEN = "CASE WHEN last_stage_change <= %s THEN last_stage_change ELSE created_at END AS since"
IS_OPEN = "status = 'open' AND NOT lower(trim(forecast_category)) = 'omitted' AND {known}"
KNOWN = "NOT is_deleted"
KNOWN_THEN = "valid_from <= day AND (valid_to IS NULL OR valid_to > day)"


@shared
def stock(slice_: Slice, by: Key) -> pd.DataFrame:
    """Operands of what is open per value of ``by``; what has no open deal has no row.

    Columns ``by`` (text), ``OPERANDS``: counts of deals, and money in the reporting currency at
    the rate of the slice's day.
    """
    columns = {by: "str", **OPERANDS}
    if not moved_since(slice_.as_of):
        found = _kept(slice_, {by: by}).read(slice_, columns)
        if not found["open_unrated"].any():
            return found
        return _open(slice_, (by,), DEAL_SUMS).read(slice_, columns)
    return grouped(_then(slice_.at(slice_.as_of)), (by,), OPERANDS)


@shared
def totals(slice_: Slice) -> dict[str, float]:
    """The operands of all that is open, by name."""
    return sums(stock(slice_, "stage_name"), OPERANDS)


def totals_sql(slice_: Slice) -> str:
    """The SQL that gives the operands of all that is open, in one row."""
    if not moved_since(slice_.as_of) and not totals(slice_)["open_unrated"]:
        return _kept(slice_, {}).written(slice_)
    return _open(slice_, (), DEAL_SUMS).written(slice_)


@shared
def watched(slice_: Slice) -> dict[str, float]:
    """How many open deals are past due, how many are stuck, and what they are worth.

    ``WATCHED`` by name; money in the reporting currency.
    """
    if moved_since(slice_.as_of):
        return sums(_then(slice_.at(slice_.as_of)), WATCHED)
    return sums(_open(slice_, (), WATCH_SUMS).read(slice_, WATCHED), WATCHED)


def watched_sql(slice_: Slice) -> str:
    """The SQL that gives the operands of ``watched``."""
    return _open(slice_, (), WATCH_SUMS).written(slice_)


def by_dimension(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """Operands of what is open by each of ``GROUPS``: ``OPERANDS``."""
    keys = {name: name for name in GROUPS.values()}
    is_kept = not moved_since(slice_.as_of) and not totals(slice_)["open_unrated"]
    sums = _kept(slice_, keys) if is_kept else _open(slice_, tuple(keys), DEAL_SUMS)
    return _in_groups(sums, slice_, OPERANDS)


def watched_by_dimension(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """The same of what is past due and what is stuck: ``WATCHED``."""
    return _in_groups(_open(slice_, tuple(GROUPS.values()), WATCH_SUMS), slice_, WATCHED)


def _in_groups(sums: Sums, slice_: Slice, columns: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    try:
        inner, values = sums.sql(slice_)
    except EmptyResultSet:
        inner, values = "", []
    return in_sets(inner, values, GROUPS, {name: f"sum({name})" for name in columns})


@shared
def _then(slice_: Slice) -> pd.DataFrame:
    """All that is told of what was open on a past day, read once for whichever period it is asked.

    Columns ``stage_name``, ``owner_id``, ``segment``, ``OPERANDS``, ``WATCHED``.
    """
    keys = get_args(Key)
    columns = {**dict.fromkeys(keys, "str"), **OPERANDS, **WATCHED}
    return _open(slice_, keys, {**DEAL_SUMS, **WATCH_SUMS}).read(slice_, columns)


def _open(slice_: Slice, by: Sequence[str], wanted: Mapping[str, str]) -> Sums:
    """Sums of the open deals themselves, as they stood at the end of the slice's day."""
    past, day = moved_since(slice_.as_of), slice_.as_of
    table = DealState if past else Deal
    chance, since = CHANCE.format(table=table._meta.db_table), SINCE_THEN if past else SINCE
    rate, values = _rate(slice_)
    days, amount = deals.limits(slice_)
    return Sums(
        table,
        {name: f"COALESCE({name}, '')" for name in by},
        {name: sql.format(days=int(days), amount=int(amount)) for name, sql in wanted.items()},
        when=None,
        dimensions=deals.OPEN,
        derived=f"{rate}, %s AS day, {since}, {chance}",
        values=[*values, day, *([day] if past else [])],
        where=IS_OPEN.format(known=KNOWN_THEN if past else KNOWN),
    )


def _kept(slice_: Slice, by: Mapping[str, str]) -> Sums:
    """What the roll-up holds, at the rates of the slice's day."""
    rate, values = _rate(slice_)
    return Sums(
        OpenDealStock,
        by,
        KEPT_SUMS,
        when=None,
        dimensions=deals.OPEN,
        derived=rate,
        values=values,
        where="forecast_category <> 'Omitted'",
    )


def _rate(slice_: Slice) -> tuple[str, list[Any]]:
    """The SQL of a currency's rate on the slice's day, and its values."""
    known = sorted(rates(slice_.currency, slice_.as_of).items())
    pairs = " ".join("WHEN %s THEN %s" for _ in known)
    return f"CASE currency {pairs} END AS rate", [value for pair in known for value in pair]
