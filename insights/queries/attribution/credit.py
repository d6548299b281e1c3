"""What the won deals of a slice are worth to each channel and campaign, by each rule.

By the workspace's own parameters the shares come from the ledger; by others from the journeys. The
deals are those that the Pipeline counts as won, so that each model's total is its won amount.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db import connection
from psycopg.sql import SQL

from insights.models import Credit, CreditDay
from insights.queries.attribution import daily
from insights.queries.attribution.ended import OF_DEAL, TOUCHED, ended_sql, is_whole
from marketing.analytics import attribution
from marketing.analytics.attribution import RULES, UNATTRIBUTED, Terms
from revops_site.kernel.filters import Slice
from revops_site.kernel.freshness import remembered
from revops_site.kernel.queries import filled, shared, to_frame, workspace

KEYS = {"month": "datetime64[s]", "channel": "str", "campaign": "str"}
ADDED: Mapping[str, str] = {
    "lines": "int64",
    "touches": "int64",
    "value": "float64",
    **{f"{name}_value": "float64" for name in RULES},
    **{f"{name}_deals": "float64" for name in RULES},
}
# A currency's rate of a day is looked up once, however many deals that day has.
WORTH = """
    rated AS MATERIALIZED (
        SELECT pair.currency, pair.ended_on, found.rate
        FROM (SELECT DISTINCT currency, ended_on FROM ended WHERE is_won) AS pair
        LEFT JOIN LATERAL kernel_fx_rate(pair.currency, %s, pair.ended_on) AS found ON true
    ), worth AS MATERIALIZED (
        SELECT ended.*, date_trunc('month', ended_on::timestamp)::date AS month,
            COALESCE(amount * rate, 0)::float8 AS value
        FROM ended JOIN rated USING (currency, ended_on) WHERE is_won
    )
"""
# A deal whose credit is not written yet is nobody's until then: no total waits for it.
LEDGER = """
    WITH {worth}
    SELECT {keys} count(*) AS lines, COALESCE(sum(touches), 0) AS touches,
        COALESCE(sum(value), 0) AS value, {sums}
    FROM (
        SELECT worth.month, worth.value, COALESCE(credit.channel, '{nobody}') AS channel,
            COALESCE(credit.campaign, '') AS campaign, COALESCE(touches, 0) AS touches, {shares}
        FROM worth LEFT JOIN insights_credit AS credit
            ON credit.deal_id = worth.deal_id AND credit.revision = worth.revision
    ) AS line {where} {grouped}
"""
JOURNEYS = """
    WITH {worth}
    SELECT deal_id, month, value, channels, campaigns,
        ARRAY(SELECT ended_on - day FROM unnest(days) WITH ORDINALITY AS t (day, n) ORDER BY n)
    FROM worth
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
    if slice_.campaign or not (is_kept(slice_) and is_whole(whole(slice_))):
        return credit(slice_)
    found = _by_channel(whole(slice_))
    return found[found["channel"].isin(slice_.channel)] if slice_.channel else found


@shared
def _by_channel(slice_: Slice) -> pd.DataFrame:
    key = f"credit-by-channel:{slice_.cache_key}:{workspace().generation}"
    columns = {name: kind for name, kind in {**KEYS, **ADDED}.items() if name != "campaign"}
    return remembered(key, lambda: daily.credit(slice_, columns))


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
    worth, params = worth_sql(whole(slice_), "revision")
    text = _ledger(worth, "", f"WHERE {' AND '.join(where)}" if where else "")
    return filled(text, [*params, *values])


def worth_sql(slice_: Slice, *more: str) -> tuple[str, list[Any]]:
    """The common tables ``ended`` and ``worth``: the won deals of a slice, with ``more`` columns.

    Raises EmptyResultSet where nothing matches.
    """
    ended, params = ended_sql(slice_, (*OF_DEAL, *more), only_won=True)
    return f"{ended}, {WORTH}", [*params, slice_.currency]


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


def _ledger(worth: str, keys: str, where: str = "") -> str:
    # In the order of ADDED: all values, then all deals.
    values = [f"COALESCE(sum({name} * value), 0) AS {name}_value" for name in RULES]
    counted = [f"COALESCE(sum({name}), 0) AS {name}_deals" for name in RULES]
    return (
        SQL(LEDGER)
        .format(
            worth=SQL(worth),
            keys=SQL(f"{keys}, " if keys else ""),
            sums=SQL(", ".join([*values, *counted])),
            shares=SQL(", ".join(f"COALESCE({name}, 1) AS {name}" for name in RULES)),
            nobody=SQL(UNATTRIBUTED),
            where=SQL(where),
            grouped=SQL(f"GROUP BY {keys} ORDER BY {keys}" if keys else ""),
        )
        .as_string()
    )


def _rows(text: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _kept(slice_: Slice) -> pd.DataFrame:
    """Out of the ledger."""
    try:
        worth, params = worth_sql(slice_, "revision")
    except EmptyResultSet:  # of a slice of nobody
        return to_frame((), {**KEYS, **ADDED})
    found = _rows(_ledger(worth, ", ".join(KEYS)), params)
    return to_frame(found, {**KEYS, **ADDED})


def reckoned(slice_: Slice) -> pd.DataFrame:
    """As other parameters would give it, out of the journeys."""
    columns = {**KEYS, **ADDED}
    try:
        worth, params = worth_sql(slice_, *TOUCHED)
        rows = _rows(SQL(JOURNEYS).format(worth=SQL(worth)).as_string(), params)
    except EmptyResultSet:
        rows = []
    if not rows:
        return to_frame((), columns)
    _, months, values, channels, campaigns, ages = zip(*rows, strict=True)
    counted = [len(one or ()) for one in ages]
    touches = pd.DataFrame(
        {
            "conversion": np.repeat(np.arange(len(rows)), counted),
            "channel": [one for each in channels for one in each or ()],
            "campaign": [one for each in campaigns for one in each or ()],
            "age": np.array([one for each in ages for one in each or ()], dtype="int64"),
        }
    )
    worth_ = pd.DataFrame({"conversion": np.arange(len(rows)), "value": values})
    given = attribution.credits_of(touches, worth_, terms(slice_))
    place = given["conversion"].to_numpy()
    value = np.array(values, dtype="float64")[place]
    named = given.assign(month=np.array(months, dtype="datetime64[s]")[place], lines=1, value=value)
    money = {f"{name}_value": given[name].to_numpy() * value for name in RULES}
    shares = {f"{name}_deals": given[name].to_numpy() for name in RULES}
    summed = named.assign(**money, **shares).groupby(list(KEYS), as_index=False)[list(ADDED)].sum()
    return summed[list(columns)].astype(columns)
