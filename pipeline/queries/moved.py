"""Whether deals moved on within some days of a day, beside deals that stood alike then."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import pandas as pd

from revops_site.kernel.queries import Columns, to_frame
from revops_site.kernel.replica import connection

NEAREST = 20
PAIRS: Columns = {
    "day": "datetime64[s]",
    "deal_id": "str",
    "moved": "bool",
    "other_id": "str",
    "other_moved": "bool",
}
# Moved on: entered a later stage than the one it was in, or won. Of equally old ones each deal has
# others first, so that all find one that stands beside no other.
SQL = """
    WITH acted AS (
        SELECT * FROM unnest(%(ids)s::text[], %(days)s::date[]) AS acted (deal_id, day)
    ), touched AS (
        SELECT * FROM unnest(%(all_ids)s::text[], %(all_days)s::date[]) AS touched (deal_id, day)
    ), stood AS (
        SELECT acted.day, state.*,
            width_bucket(acted.day - created_at, ARRAY[31, 61, 91, 181]) AS band
        FROM acted JOIN pipeline_deal_state AS state USING (deal_id)
        WHERE status = 'open' AND valid_from <= acted.day
            AND (valid_to IS NULL OR valid_to > acted.day)
    ), paired AS (
        SELECT stood.day, stood.deal_id, stood.stage_name, alike.deal_id AS other_id, nth
        FROM stood LEFT JOIN LATERAL (
            SELECT other.deal_id, row_number() OVER (
                ORDER BY abs(other.created_at - stood.created_at),
                    md5(stood.deal_id || other.deal_id), other.deal_id
            ) AS nth
            FROM pipeline_deal_state AS other
            WHERE other.status = 'open' AND other.valid_from <= stood.day
                AND (other.valid_to IS NULL OR other.valid_to > stood.day)
                AND other.owner_id = ANY(%(reps)s)
                AND other.deal_id <> stood.deal_id
                AND other.stage_name = stood.stage_name
                AND other.pipeline_id IS NOT DISTINCT FROM stood.pipeline_id
                AND other.currency = stood.currency
                AND other.amount BETWEEN stood.amount / 2 AND stood.amount * 2
                AND width_bucket(stood.day - other.created_at, ARRAY[31, 61, 91, 181]) = band
                AND NOT EXISTS (
                    SELECT FROM touched
                    WHERE touched.deal_id = other.deal_id
                        AND abs(touched.day - stood.day) <= %(within)s
                )
        ) AS alike ON nth <= %(nearest)s
    ), asked AS (
        SELECT day, stage_name, deal_id FROM paired
        UNION SELECT day, stage_name, other_id FROM paired WHERE other_id IS NOT NULL
    ), ended AS (
        SELECT asked.day, asked.deal_id, EXISTS (
            SELECT FROM pipeline_stagestay AS stay
            WHERE stay.deal_id = asked.deal_id AND stay.stage_name = asked.stage_name
                AND passed_on > asked.day AND passed_on <= asked.day + %(within)s
        ) OR EXISTS (
            SELECT FROM pipeline_deal AS deal
            WHERE deal.deal_id = asked.deal_id AND status = 'won'
                AND closed_at > asked.day AND closed_at <= asked.day + %(within)s
        ) AS moved
        FROM asked
    )
    SELECT day, paired.deal_id, own.moved, COALESCE(other_id, ''), COALESCE(other.moved, false)
    FROM paired
    JOIN ended AS own USING (day, deal_id)
    LEFT JOIN (SELECT day, deal_id AS other_id, moved FROM ended) AS other USING (day, other_id)
    ORDER BY day, paired.deal_id, nth
"""


def beside_alike(
    acted: Sequence[tuple[str, date]],
    touched: Sequence[tuple[str, date]],
    reps: Collection[str],
    within: int,
) -> pd.DataFrame:
    """Each deal that somebody acted on, on a day, with the 20 open deals most like it then.

    Columns ``PAIRS``: whether each moved on ``within`` so many days; other_id "" where none was
    alike: of the same stage and currency, half to twice the amount, the same age up to 30, 60, 90,
    180 days or more, of these reps, and not ``touched`` so many days before or after.
    """
    if not acted:
        return to_frame((), PAIRS)
    given: dict[str, Any] = {
        "ids": [deal_id for deal_id, _ in acted],
        "days": [day for _, day in acted],
        "all_ids": [deal_id for deal_id, _ in touched],
        "all_days": [day for _, day in touched],
        "reps": list(reps),
        "within": within,
        "nearest": NEAREST,
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL, given)
        return to_frame(cursor.fetchall(), PAIRS)
