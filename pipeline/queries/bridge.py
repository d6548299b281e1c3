"""What each deal did to the open pipeline between the ends of two days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import rates
from revops_site.kernel.periods import Period
from revops_site.kernel.queries import members, shared, to_frame
from revops_site.kernel.replica import connection

COLUMNS = {
    "segment": "segment",
    "channel": "source_channel",
    "region": "region",
    "owner": "owner_id",
    "pipeline": "pipeline_id",
}
DIMENSIONS = (*COLUMNS, "team")
VALUES = ("start", "end", "moved")
SUMS = {
    "reason": "str",
    "deals": "int64",
    **dict.fromkeys(VALUES, "float64"),
}
THEN_NOW = ("status", "stage", "owner", "category", "money")
DEALS = {
    **dict.fromkeys(("reason", "deal_id", "seen_id", "deal_name"), "object"),
    **dict.fromkeys(("account_id", "account_name"), "object"),
    **{f"{name}_{day}": "object" for name in THEN_NOW for day in ("then", "now")},
    **{f"amount_{day}": "float64" for day in ("then", "now")},
    **{f"close_{day}": "datetime64[s]" for day in ("then", "now")},
    **dict.fromkeys(VALUES, "float64"),
}
NEVER_REAL = "lower(btrim({at}.lost_reason)) IN ('duplicate', 'test', 'merged')"
ON = "{at}.valid_from <= %({day})s AND ({at}.valid_to IS NULL OR {at}.valid_to > %({day})s)"
# Deals that count on both days, that count no more, and that count since. What counts on one day
# alone is looked up as it stood on the other; who may not see that is told nothing of it.
TOLD = """
    WITH rate AS MATERIALIZED (
        SELECT * FROM unnest(%(codes)s::text[], %(rates_then)s::numeric[], %(rates_now)s::numeric[])
            AS known (currency, on_first, on_last)
    ), before AS MATERIALIZED (
        SELECT deal_id, status, stage_name, owner_id, amount, currency, close_date, created_at,
            forecast_category
        FROM pipeline_deal_state AS state
        WHERE {on_first} AND status = 'open' AND {counts}
    ), after AS MATERIALIZED (
        SELECT deal_id, status, stage_name, owner_id, amount, currency, close_date, created_at,
            forecast_category
        FROM pipeline_deal_state AS state
        WHERE {on_last} AND status = 'open' AND {counts}
    ), pair AS (
        SELECT before.deal_id, '' AS reason, true AS was, true AS is_now,
            before.status AS status_then, before.stage_name AS stage_then,
            before.owner_id AS owner_then, before.amount AS amount_then,
            before.currency AS money_then, before.close_date AS close_then,
            before.forecast_category AS category_then,
            after.status AS status_now, after.stage_name AS stage_now,
            after.owner_id AS owner_now, after.amount AS amount_now,
            after.currency AS money_now, after.close_date AS close_now,
            after.forecast_category AS category_now
        FROM before JOIN after USING (deal_id)
        UNION ALL
        SELECT before.deal_id,
            CASE
                WHEN state.deal_id IS NULL OR state.status = 'deleted'
                    OR (state.status = 'lost' AND {never_real}) THEN 'deleted'
                WHEN NOT {belongs} THEN 'removed'
                WHEN {closes} THEN state.status
                WHEN {earlier} THEN 'pulled_out'
                ELSE 'pushed_out'
            END, true, false,
            before.status, before.stage_name, before.owner_id, before.amount, before.currency,
            before.close_date, before.forecast_category,
            CASE WHEN {allowed} THEN state.status END,
            CASE WHEN {allowed} THEN state.stage_name END,
            CASE WHEN {allowed} THEN state.owner_id END,
            CASE WHEN {allowed} THEN state.amount END,
            CASE WHEN {allowed} THEN state.currency END,
            CASE WHEN {allowed} THEN state.close_date END,
            CASE WHEN {allowed} THEN state.forecast_category END
        FROM before
        LEFT JOIN LATERAL (
            SELECT * FROM pipeline_deal_state AS state
            WHERE state.deal_id = before.deal_id AND {on_last}
            LIMIT 1
        ) AS state ON true
        WHERE NOT EXISTS (SELECT FROM after WHERE after.deal_id = before.deal_id)
        UNION ALL
        SELECT after.deal_id,
            CASE
                WHEN state.deal_id IS NULL THEN 'created'
                WHEN state.status = 'deleted' THEN 'reopened'
                WHEN NOT {belongs} THEN 'added'
                WHEN {closes} THEN 'reopened'
                WHEN {earlier} THEN 'pushed_in'
                ELSE 'pulled_in'
            END, false, true,
            CASE WHEN {allowed} THEN state.status END,
            CASE WHEN {allowed} THEN state.stage_name END,
            CASE WHEN {allowed} THEN state.owner_id END,
            CASE WHEN {allowed} THEN state.amount END,
            CASE WHEN {allowed} THEN state.currency END,
            CASE WHEN {allowed} THEN state.close_date END,
            CASE WHEN {allowed} THEN state.forecast_category END,
            after.status, after.stage_name, after.owner_id, after.amount, after.currency,
            after.close_date, after.forecast_category
        FROM after
        LEFT JOIN LATERAL (
            SELECT * FROM pipeline_deal_state AS state
            WHERE after.created_at <= %(first)s
                AND state.deal_id = after.deal_id AND {on_first}
            LIMIT 1
        ) AS state ON true
        WHERE NOT EXISTS (SELECT FROM before WHERE before.deal_id = after.deal_id)
    ), worth AS (
        SELECT pair.*,
            CASE WHEN was THEN COALESCE(amount_then * known_then.on_first, 0) ELSE 0 END AS start,
            CASE WHEN is_now THEN COALESCE(amount_now * known_now.on_last, 0) ELSE 0 END AS ending,
            CASE WHEN was THEN
                COALESCE(amount_then * COALESCE(known_then.on_last, known_then.on_first), 0)
            ELSE 0 END AS rerated
        FROM pair
        LEFT JOIN rate AS known_then ON known_then.currency = money_then
        LEFT JOIN rate AS known_now ON known_now.currency = money_now
    ), told AS (
        SELECT deal_id,
            CASE
                WHEN reason <> '' THEN reason
                WHEN ending = start THEN 'unchanged'
                WHEN abs(rerated - start) > abs(ending - rerated) THEN 'currency'
                WHEN ending > rerated THEN 'increased'
                ELSE 'decreased'
            END AS reason,
            start, ending, ending - start AS moved,
            status_then, stage_then, owner_then, category_then, money_then, amount_then,
            close_then, status_now, stage_now, owner_now, category_now, money_now, amount_now,
            close_now
        FROM worth
    )
"""
BY_REASON = """
    SELECT reason, count(*), sum(start), sum(ending), sum(moved)
    FROM told GROUP BY reason ORDER BY reason
"""
ONE_BY_ONE = """
    SELECT told.reason, told.deal_id, CASE WHEN {seen} THEN told.deal_id ELSE '' END,
        COALESCE(NULLIF(deal.opportunity_name, ''), NULLIF(deal.account_name, ''), told.deal_id),
        COALESCE(deal.account_id, ''), COALESCE(deal.account_name, ''),
        status_then, status_now, stage_then, stage_now,
        COALESCE(rep_then.name, owner_then), COALESCE(rep_now.name, owner_now),
        category_then, category_now, money_then, money_now, amount_then, amount_now,
        close_then, close_now,
        start, ending, moved
    FROM told
    LEFT JOIN pipeline_deal AS deal ON deal.deal_id = told.deal_id
    LEFT JOIN kernel_rep AS rep_then ON rep_then.rep_id = owner_then
    LEFT JOIN kernel_rep AS rep_now ON rep_now.rep_id = owner_now
    WHERE told.reason = %(step)s
    ORDER BY abs(moved) DESC, told.deal_id
"""


@shared
def sums(slice_: Slice, first: date, last: date, closes: Period | None) -> pd.DataFrame:
    """What became of the open pipeline from the end of one day to that of another, by reason.

    ``closes`` narrows it to the deals whose expected close lies within some days. Columns ``SUMS``
    in the reporting currency, on either day at its rate: what the deals counted for at the
    ``start`` and at the ``end``, and what the reason ``moved``. A deal has one reason.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_composed(slice_, first, last, closes, BY_REASON))
        return to_frame(cursor.fetchall(), SUMS)


@shared
def moved(slice_: Slice, first: date, last: date, closes: Period | None, step: str) -> pd.DataFrame:
    """The deals of one step, the largest first: ``DEALS``.

    What a deal was (``then``) and is (``now``) is empty where it is not the reader's to see;
    ``seen_id`` is "" of one that is no longer.
    """
    with connection.cursor() as cursor:
        own = "deal.owner_id = ANY(%(reps)s)"
        seen = "deal.deal_id IS NOT NULL" if slice_.reps is None else own
        listed = ONE_BY_ONE.replace("{seen}", seen)
        sql, params = _composed(slice_, first, last, closes, listed)
        cursor.execute(sql, {**params, "step": step})
        return to_frame(cursor.fetchall(), DEALS)


def _composed(
    slice_: Slice, first: date, last: date, closes: Period | None, end: str
) -> tuple[str, dict[str, Any]]:
    chosen = _chosen(slice_)
    then, now = (rates(slice_.currency, day) for day in (first, last))
    codes = sorted({*then, *now})
    within = "state.close_date >= %(closes_from)s AND state.close_date < %(closes_to)s"
    parts = {
        "{belongs}": _all(_conditions([*chosen, "reps"] if slice_.reps is not None else chosen)),
        "{allowed}": "state.owner_id = ANY(%(reps)s)" if slice_.reps is not None else "true",
        "{closes}": f"COALESCE({within}, false)" if closes else "true",
        "{earlier}": "COALESCE(state.close_date < %(closes_from)s, false)" if closes else "false",
        "{never_real}": NEVER_REAL.format(at="state"),
        "{on_first}": ON.format(at="state", day="first"),
        "{on_last}": ON.format(at="state", day="last"),
    }
    sql = TOLD.replace("{counts}", "{belongs} AND {closes}")
    for name, text in parts.items():
        sql = sql.replace(name, text)
    params = {
        "first": first,
        "last": last,
        **chosen,
        "codes": codes,
        "rates_then": [then.get(code) for code in codes],
        "rates_now": [now.get(code) for code in codes],
        "closes_from": closes.start if closes else None,
        "closes_to": closes.end if closes else None,
        "reps": list(slice_.reps or ()),
    }
    return sql + end, params


def _chosen(slice_: Slice) -> dict[str, list[str]]:
    """The values that a deal's columns may have, by filter; none for any."""
    found = {name: list(getattr(slice_, name)) for name in COLUMNS if getattr(slice_, name)}
    if slice_.team:
        found["team"] = list(members(slice_.team))
    return found


def _conditions(names: Any) -> list[str]:
    columns = {**COLUMNS, "team": "owner_id", "reps": "owner_id"}
    return [f"state.{columns[name]} = ANY(%({name})s)" for name in names]


def _all(conditions: list[str]) -> str:
    """All of them, and that the deal is not omitted; never null."""
    omitted = "lower(btrim(state.forecast_category)) <> 'omitted'"
    return f"COALESCE({' AND '.join([omitted, *conditions])}, false)"
