"""What the won deals of a slice are worth to each channel and campaign, by each rule.

By the workspace's own parameters the shares come from the ledger; by others from the journeys. The
deals are those that the Pipeline counts as won, so that each model's total is its won amount.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from django.core.exceptions import EmptyResultSet

from insights.models import Credit, CreditDay, CreditLine
from insights.queries.attribution import daily
from insights.queries.attribution.ended import (
    DIMENSIONS,
    TOUCHED,
    credits_behind,
    ended_sql,
    is_as_kept,
    is_whole,
    otherwise_then,
    revised_sql,
    unmoved,
)
from marketing.analytics import attribution
from marketing.analytics.attribution import RULES, UNATTRIBUTED, Terms
from revops_site.kernel.filters import Slice
from revops_site.kernel.freshness import remembered
from revops_site.kernel.queries import cut, filled, shared, to_frame, workspace
from revops_site.kernel.replica import connection

KEYS = {"month": "datetime64[s]", "channel": "str", "campaign": "str"}
ADDED: Mapping[str, str] = {
    "lines": "int64",
    "touches": "int64",
    "value": "float64",
    **{f"{name}_value": "float64" for name in RULES},
    **{f"{name}_deals": "float64" for name in RULES},
}
# A deal whose credit is not written yet is nobody's until then: no total waits for it.
LEDGER = """
    {given}
    SELECT {keys} count(*) AS lines, COALESCE(sum(touches), 0) AS touches,
        COALESCE(sum(value), 0) AS value, {sums}
    FROM (
        SELECT date_trunc('month', ended_on::timestamp)::date AS month, channel, campaign, touches,
            value, {shares} FROM ({lines}) AS told
    ) AS line {where} {grouped}
"""
# The lines of credit of the common table ``ended``, as they are kept of deals.
LINES = f"""
    SELECT ended_on, value, COALESCE(channel, '{UNATTRIBUTED}') AS channel,
        COALESCE(campaign, '') AS campaign, COALESCE(credit.touches, 0) AS touches,
        {", ".join(f"COALESCE({name}, 1) AS {name}" for name in RULES)}
    FROM ended LEFT JOIN insights_credit AS credit
        ON credit.deal_id = ended.deal_id AND credit.revision = ended.revision
"""  # noqa: S608
OF_LINE = ("ended_on", "value", "channel", "campaign", "touches", *RULES)
JOURNEYS = """
    WITH {ended}
    SELECT date_trunc('month', ended_on::timestamp)::date AS month, value, channels, campaigns,
        ARRAY(SELECT ended_on - day FROM unnest(days) AS touched (day))
    FROM ended
"""


def terms(slice_: Slice) -> Terms:
    """By what the slice gives credit: what was asked for, else what the workspace says."""
    at = workspace()
    back = at.lookback_days if slice_.lookback_days is None else slice_.lookback_days
    half = at.half_life_days if slice_.half_life_days is None else slice_.half_life_days
    return Terms(back, max(half, 1))


def is_kept(slice_: Slice) -> bool:
    """Whether the slice's parameters are those of the ledger."""
    at = workspace()
    return terms(slice_) == Terms(at.lookback_days, at.half_life_days)


def whole(slice_: Slice) -> Slice:
    """The slice with all channels: here they narrow who is credited, not which deals were won."""
    return replace(slice_, channel=(), campaign=(), by=None, model=None)


def credit(slice_: Slice) -> pd.DataFrame:
    """What was earned in each month, by channel and campaign of the slice.

    Columns month (its first day), channel, campaign and ``ADDED``: lines are the deals that the
    campaign has a part in, touches those that count, value what these deals are worth; ``_value``
    is credited money in the reporting currency, ``_deals`` credited deals.
    """
    found = _credit(whole(slice_))
    for name in ("channel", "campaign"):
        if chosen := getattr(slice_, name):
            found = found[found[name].isin(chosen)]
    return found


def by_channel(slice_: Slice) -> pd.DataFrame:
    """The same by month and channel alone: read from the days' sums where these tell it."""
    found = _of_campaign(slice_) if slice_.campaign else _by_channel(whole(slice_))
    return found[found["channel"].isin(slice_.channel)] if slice_.channel else found


@shared
def _by_channel(slice_: Slice) -> pd.DataFrame:
    if not is_kept(slice_) or not is_whole(slice_) or revised_sql(slice_.as_of):
        return _of_campaign(slice_)
    key = f"credit-by-channel:{slice_.cache_key}:{workspace().generation}"
    columns = {name: kind for name, kind in {**KEYS, **ADDED}.items() if name != "campaign"}
    return remembered(key, lambda: daily.credit(slice_, columns))


def _of_campaign(slice_: Slice) -> pd.DataFrame:
    keys = [name for name in KEYS if name != "campaign"]
    return credit(slice_).groupby(keys, as_index=False)[list(ADDED)].sum()


@shared
def _credit(slice_: Slice) -> pd.DataFrame:
    key = f"credit:{slice_.cache_key}:{workspace().generation}"
    return remembered(key, lambda: _kept(slice_) if is_kept(slice_) else reckoned(slice_))


def credit_sql(slice_: Slice) -> str:
    """The SQL that gives the sums of a slice out of the ledger, in one row."""
    where, values = [], []
    for name in ("channel", "campaign"):
        if chosen := getattr(slice_, name):
            where.append(f"{name} = ANY(%s)")
            values.append(list(chosen))
    text, params = _ledger(whole(slice_), "", f"WHERE {' AND '.join(where)}" if where else "")
    return filled(text, [*params, *values])


def choices(generation: int) -> Mapping[str, list[str]]:
    """The channels and campaigns that credit was given to."""
    return remembered(f"credited:{generation}", _choices)


def _choices() -> dict[str, list[str]]:
    found = {}
    for name, table in (("channel", CreditDay), ("campaign", Credit)):
        values = table._default_manager.order_by(name).values_list(name, flat=True).distinct()
        found[name] = [value for value in values if value]
    found["channel"] = sorted({*found["channel"], UNATTRIBUTED})
    return found


def _ledger(slice_: Slice, keys: str, where: str = "") -> tuple[str, list[Any]]:
    """The sums of the ledger's lines, and the values of the query.

    Raises EmptyResultSet where no deal can match.
    """
    # In the order of ADDED: all values, then all deals.
    values = [f"COALESCE(sum({name} * value), 0) AS {name}_value" for name in RULES]
    counted = [f"COALESCE(sum({name}), 0) AS {name}_deals" for name in RULES]
    given, lines, params = _lines(slice_)
    parts = {
        "given": given,
        "keys": f"{keys}, " if keys else "",
        "sums": ", ".join([*values, *counted]),
        "shares": ", ".join(RULES),
        "lines": lines,
        "where": where,
        "grouped": f"GROUP BY {keys} ORDER BY {keys}" if keys else "",
    }
    return LEDGER.format(**parts), params


def _lines(slice_: Slice) -> tuple[str, str, list[Any]]:
    """A common table and the lines of credit that may rest on it, with the values of both.

    The lines of today are those of a past day as well but for the deals that moved since, as long
    as the ledger itself said the same then.
    """
    columns = ("deal_id", "ended_on", "value", "revision")
    if credits_behind() or revised_sql(slice_.as_of):
        ended, params = ended_sql(slice_, columns, only_won=True)
        return f"WITH {ended}", LINES, params
    rows = CreditLine.objects.order_by()
    if is_as_kept(slice_):
        kept = cut(rows, slice_, when="ended_on", dimensions=DIMENSIONS)
        lines, params = kept.values(*OF_LINE).query.sql_with_params()
        return "", lines, list(params)
    kept = cut(unmoved(rows, slice_.as_of), slice_, when="ended_on", dimensions=DIMENSIONS)
    lines, params = kept.values(*OF_LINE).query.sql_with_params()
    others, first = otherwise_then(slice_, columns, only_won=True)
    return f"WITH ended AS ({others})", f"{lines} UNION ALL {LINES}", [*first, *params]


def _rows(text: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _kept(slice_: Slice) -> pd.DataFrame:
    """Out of the ledger."""
    try:
        asked = _ledger(slice_, ", ".join(KEYS))
    except EmptyResultSet:  # of a slice of nobody
        return to_frame((), {**KEYS, **ADDED})
    return to_frame(_rows(*asked), {**KEYS, **ADDED})


def reckoned(slice_: Slice) -> pd.DataFrame:
    """As other parameters would give it, out of the journeys."""
    columns = {**KEYS, **ADDED}
    try:
        ended, params = ended_sql(slice_, ("ended_on", "value", *TOUCHED), only_won=True)
        rows = _rows(JOURNEYS.format(ended=ended), params)
    except EmptyResultSet:
        rows = []
    if not rows:
        return to_frame((), columns)
    return attribution.summed(rows, terms(slice_))[list(columns)].astype(columns)
