"""What deals lacked on the days that were kept, by all that is known of those days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
from django.db.models import Case, F, IntegerField, QuerySet, When
from psycopg.sql import SQL

from pipeline.models import DealSnapshot
from pipeline.queries import deals, standing, terms
from pipeline.queries.hygiene.verdicts import RULES, loaded_since, recorded_since
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import cut, shared, to_frame
from revops_site.kernel.summing import asked

TREND_WEEKS, NEVER = 13, date.max
TREND = {
    "snapshot_date": "datetime64[s]",
    "deals": "int64",
    **dict.fromkeys(RULES, "int64"),
    **dict.fromkeys((f"known_{name}" for name in RULES), "int64"),
}
# Verdicts as ``verdicts`` gives them of a single day, of all kept days at once.
KEPT = """
    WITH kept AS MATERIALIZED ({rows}),
    one AS MATERIALIZED (SELECT DISTINCT deal_id FROM kept),
    touch AS (
        SELECT deal_id, (changed_at AT TIME ZONE {zone})::date AS day
        FROM pipeline_dealchange WHERE changed_at >= {first} AND deal_id IN (TABLE one)
        UNION ALL
        SELECT deal_id, (done_at AT TIME ZONE {zone})::date
        FROM pipeline_activity
        WHERE is_done AND done_at >= {first} AND deal_id IN (TABLE one)
    ), touched AS (
        SELECT DISTINCT kept.deal_id, kept.day FROM kept JOIN touch
            ON touch.deal_id = kept.deal_id AND touch.day <= kept.day
            AND touch.day > kept.day - kept.overdue_limit
    ), planned AS (
        SELECT DISTINCT kept.deal_id, kept.day FROM kept JOIN pipeline_activity AS plan
            ON plan.deal_id = kept.deal_id AND plan.due_date >= kept.day
            AND (plan.row_created_at AT TIME ZONE {zone})::date <= kept.day
            AND (NOT plan.is_done OR (plan.done_at AT TIME ZONE {zone})::date > kept.day)
        UNION
        SELECT kept.deal_id, kept.day FROM kept JOIN pipeline_nextstep AS step
            ON step.deal_id = kept.deal_id AND step.due_date >= kept.day
            AND (step.at AT TIME ZONE {zone})::date <= kept.day
            AND (step.ended_at IS NULL OR (step.ended_at AT TIME ZONE {zone})::date > kept.day)
    ), person AS (
        SELECT deal_id, min(day) AS since FROM (
            SELECT deal_id, LEAST(last_engaged_at, (row_created_at AT TIME ZONE {zone})::date)
            FROM pipeline_contact WHERE deal_id IN (TABLE one)
            UNION ALL
            SELECT deal_id, (done_at AT TIME ZONE {zone})::date
            FROM pipeline_activity
            WHERE is_done AND contact_id <> '' AND deal_id IN (TABLE one)
        ) AS met (deal_id, day) GROUP BY deal_id
    ), judged AS (
        SELECT kept.day,
            CASE
                WHEN kept.step_points > 0 THEN false
                WHEN kept.step_points = 0 THEN true
                WHEN planned.deal_id IS NOT NULL THEN false
                WHEN kept.day >= {plans_since} THEN true
            END AS no_next_step,
            COALESCE(close_date < kept.day, false) AS past_close,
            close_date IS NULL AS no_close_date,
            value IS NULL AND NOT EXISTS (
                SELECT FROM pipeline_deal_state AS state
                WHERE state.deal_id = kept.deal_id AND state.amount IS NOT NULL
                    AND state.valid_from <= kept.day
                    AND (state.valid_to IS NULL OR state.valid_to > kept.day)
            ) AS no_amount,
            CASE
                WHEN person.since <= kept.day THEN false
                WHEN person.deal_id IS NULL OR kept.day >= {contacts_since} THEN true
            END AS no_contact,
            owner_id = '' AS no_owner,
            CASE WHEN kept.day >= {touches_since} THEN
                touched.deal_id IS NULL AND kept.created_at <= kept.day - kept.overdue_limit
            END AS not_updated
        FROM kept
        LEFT JOIN touched USING (deal_id, day)
        LEFT JOIN planned USING (deal_id, day)
        LEFT JOIN person USING (deal_id)
    )
    SELECT day, count(*), {sums} FROM judged GROUP BY day ORDER BY day
"""
SUMS = ", ".join(
    [
        *(f"count(*) FILTER (WHERE {name})" for name in RULES),
        *(f"count({name})" for name in RULES),
    ]
)


@shared
def trend(slice_: Slice) -> pd.DataFrame:
    """What deals lacked on the kept days of the last weeks: ``TREND``, in the order of days.

    Of each rule how many deals broke it, and of how many that is known (``known_…``).
    """
    last = standing.last_day() or slice_.as_of
    longest = max(one.overdue_days for one in terms.of_all())
    first = slice_.as_of - timedelta(weeks=TREND_WEEKS)
    found = asked(
        KEPT,
        _kept(slice_),
        sums=SQL(SUMS),
        zone=standing.zone().key,
        first=first - timedelta(days=longest + 1),
        plans_since=loaded_since("activities") or NEVER,
        # On the newest day whoever is there is there.
        contacts_since=min(loaded_since("contacts") or NEVER, last),
        touches_since=recorded_since() or NEVER,
    )
    return to_frame(found, TREND)


def _kept(slice_: Slice) -> QuerySet[Any, Any]:
    first = slice_.as_of - timedelta(weeks=TREND_WEEKS)
    rows = DealSnapshot.objects.filter(
        status="open", snapshot_date__gt=first, snapshot_date__lte=slice_.as_of
    )
    told = cut(rows, slice_, when=None, dimensions=deals.OPEN).order_by()
    is_of_day = When(made_from=DealSnapshot.MadeFrom.DAY, then=F("next_step_points"))
    found: QuerySet[Any, Any] = told.annotate(
        day=F("snapshot_date"),
        overdue_limit=terms.limit("overdue_days"),
        step_points=Case(is_of_day, default=None, output_field=IntegerField()),
    ).values(
        *("deal_id", "day", "close_date", "value", "owner_id", "created_at"),
        *("overdue_limit", "step_points"),
    )
    return found
