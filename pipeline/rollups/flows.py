"""What was created, won and lost: by day for the company, by week for each owner."""

from __future__ import annotations

from typing import Any

from revops_site.kernel.rollups import RollUp

# Deals that are in no number at all, whatever they once were.
EXISTS = """NOT is_deleted AND NOT (
    status = 'lost' AND lower(btrim(lost_reason)) IN ('duplicate', 'test', 'merged')
)"""
OWN = "owner_id, pipeline_id, segment, region, source_channel"
# What is created counts with the amount that was first known, what ends with the one it ended with.
# Deals are counted before anything is converted: a rate is looked up once for each day that has
# deals in its currency, and in the reporting one a whole week is one sum.
SUM_UP = """
    WITH workspace AS MATERIALIZED (
        SELECT reporting_currency AS own FROM kernel_workspace
    ), moved AS (
        SELECT {own}, COALESCE(first_amount, amount) AS amount,
            COALESCE(first_currency, currency) AS currency,
            created_at AS date, 'created' AS event, 0 AS days
        FROM pipeline_deal WHERE created_at {{reach}} AND {exists}
        UNION ALL
        SELECT {own}, amount, currency, closed_at, status, closed_at - created_at
        FROM pipeline_deal WHERE closed_at {{reach}} AND status <> 'open' AND {exists}
    ), touched AS (
        SELECT
            {week} AS week, COALESCE(owner_id, '') AS owner_id,
            COALESCE(pipeline_id, '') AS pipeline_id, segment, region, source_channel,
            date, event, days, amount, currency
        FROM moved
        WHERE {bucket} {{among}}
    ), counted AS MATERIALIZED (
        SELECT {keys}, event, currency, CASE WHEN currency <> own THEN date END AS rated_on,
            count(*) AS deals, sum(amount) AS amount, count(*) - count(amount) AS missing,
            count(*) FILTER (WHERE amount <> 0) AS priced, sum(days) AS days
        FROM touched CROSS JOIN workspace
        GROUP BY {numbers}
    ), rated AS MATERIALIZED (
        SELECT currency, rated_on, found.rate
        FROM workspace, (
            SELECT DISTINCT currency, rated_on FROM counted WHERE rated_on IS NOT NULL
        ) AS pair
        LEFT JOIN LATERAL kernel_fx_rate(currency, own, rated_on) AS found ON true
    ), valued AS (
        SELECT counted.*, CASE WHEN rated_on IS NULL THEN 1 ELSE rate END AS rate
        FROM counted LEFT JOIN rated USING (currency, rated_on)
    )
    SELECT {keys}, {sums},
        COALESCE(sum(days) FILTER (WHERE event = 'won'), 0) AS cycle_days
    FROM valued
    GROUP BY {keys}
"""
SUMS = """
    COALESCE(sum(deals) FILTER (WHERE event = '{event}'), 0) AS {event},
    COALESCE(sum(amount * rate) FILTER (WHERE event = '{event}'), 0) AS {event}_amount,
    COALESCE(sum(missing) FILTER (WHERE event = '{event}'), 0) AS {event}_missing,
    COALESCE(sum(priced) FILTER (WHERE event = '{event}' AND rate IS NULL), 0) AS {event}_unrated
"""
WEEK = "date_trunc('week', date::timestamp)::date"


def _select(bucket: str, *keys: str) -> str:
    sums = ", ".join(SUMS.format(event=event) for event in ("created", "won", "lost"))
    numbers = ", ".join(str(place + 1) for place in range(len(keys) + 3))
    return SUM_UP.format(
        own=OWN,
        exists=EXISTS,
        week=WEEK,
        bucket=bucket,
        keys=", ".join(keys),
        numbers=numbers,
        sums=sums,
    )


FLOW_DAYS = RollUp(
    name="deal_flow_days",
    model="pipeline.DealFlowDay",
    bucket="date",
    select=_select("date", "date", "pipeline_id", "segment", "region", "source_channel"),
    days=1,
)
FLOW_WEEKS = RollUp(
    name="deal_flow_weeks",
    model="pipeline.DealFlowWeek",
    bucket="week",
    select=_select(WEEK, "week", "owner_id", "pipeline_id", "segment", "region"),
    days=7,
)


def rerate(**_: Any) -> None:
    """Sum all money anew at the rates that now hold.

    Listens to ``rates_changed``; runs in the transaction that changed the currency or the rate.
    """
    FLOW_DAYS.rebuild()
    FLOW_WEEKS.rebuild()
