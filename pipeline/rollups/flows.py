"""What was created, won and lost: by day for the company, by week for each owner."""

from __future__ import annotations

from typing import Any

from revops_site.kernel.rollups import RollUp

# Deals that are in no number at all, whatever they once were.
EXISTS = """NOT is_deleted AND NOT (
    status = 'lost' AND lower(btrim(lost_reason)) IN ('duplicate', 'test', 'merged')
)"""
# A currency's rate of a day is looked up once, however many deals that day has.
SUM_UP = """
    WITH moved AS (
        SELECT *, created_at AS date, 'created' AS event, 0 AS days
        FROM pipeline_deal WHERE created_at {{reach}} AND {exists}
        UNION ALL
        SELECT *, closed_at AS date, status AS event, closed_at - created_at AS days
        FROM pipeline_deal WHERE closed_at {{reach}} AND status <> 'open' AND {exists}
    ), touched AS (
        SELECT
            {week} AS week, COALESCE(owner_id, '') AS owner_id,
            COALESCE(pipeline_id, '') AS pipeline_id, segment, region, source_channel,
            date, event, days, amount, currency
        FROM moved
        WHERE {bucket} {{among}}
    ), rated AS MATERIALIZED (
        SELECT pair.currency, pair.date, found.rate
        FROM (SELECT DISTINCT currency, date FROM touched) AS pair
        LEFT JOIN LATERAL kernel_fx_rate(
            pair.currency, (SELECT reporting_currency FROM kernel_workspace), pair.date
        ) AS found ON true
    )
    SELECT {keys}, {sums},
        COALESCE(sum(days) FILTER (WHERE event = 'won'), 0) AS cycle_days
    FROM touched JOIN rated USING (currency, date)
    GROUP BY {keys}
"""
SUMS = """
    count(*) FILTER (WHERE event = '{event}') AS {event},
    COALESCE(sum(amount * rate) FILTER (WHERE event = '{event}'), 0) AS {event}_amount,
    count(*) FILTER (WHERE event = '{event}' AND amount IS NULL) AS {event}_missing,
    count(*) FILTER (WHERE event = '{event}' AND amount <> 0 AND rate IS NULL) AS {event}_unrated
"""
WEEK = "date_trunc('week', date::timestamp)::date"


def _select(bucket: str, *keys: str) -> str:
    sums = ", ".join(SUMS.format(event=event) for event in ("created", "won", "lost"))
    return SUM_UP.format(exists=EXISTS, week=WEEK, bucket=bucket, keys=", ".join(keys), sums=sums)


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
