"""The pasts of deals, kept beside them: walked back from today's row through all that is recorded.

Before a change a column had the change's ``old``; what nothing tells of is as it is today. A day's
end is what counts, so that several changes of a day are one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from psycopg.sql import SQL, Composable, Literal

from pipeline.rollups.past import firsts, owners, stages, statuses, values
from revops_site.kernel.rollups import ALL, FEW_BUCKETS, Bucket, Cursor, RollUp

COLUMNS = (
    *("deal_id", "valid_from", "valid_to", "owner_id", "region", "segment", "source_channel"),
    *("pipeline_id", "stage_name", "amount", "currency", "created_at", "close_date", "closed_at"),
    *("status", "lost_reason", "probability", "forecast_category", "last_stage_change"),
    *("discount_pct", "has_champion", "has_economic_buyer"),
)
CLOSED_AT = (
    "CASE WHEN found.state NOT IN ('won', 'lost') THEN NULL "
    "WHEN walked.state IS NULL THEN deal.closed_at ELSE walked.closed END"
)
OWN = {
    "deal_id": "deal.deal_id",
    "valid_from": "GREATEST(deal.created_at, walked.earlier)",
    "valid_to": "walked.day",
    "created_at": "deal.created_at",
    "stage_name": "COALESCE(left(walked.stage_name, 120), deal.stage_name)",
    "last_stage_change": "CASE WHEN walked.since IS NULL THEN deal.last_stage_change "
    "WHEN walked.since > '-infinity' THEN walked.since ELSE deal.created_at END",
    # What a closed deal has of these tells how it ended, which nobody knew while it was open.
    **{
        name: f"CASE WHEN walked.{name} IS NULL AND found.state = 'open' "
        f"AND deal.status <> 'open' THEN {unknown} ELSE {values.value(name)} END"
        for name, unknown in (("probability", "NULL"), ("forecast_category", "''"))
    },
    "status": "found.state",
    "closed_at": CLOSED_AT,
    "owner_id": owners.at_close(values.value("owner_id"), CLOSED_AT),
    "lost_reason": f"CASE WHEN found.state = 'lost' THEN {values.value('lost_reason')} ELSE '' END",
}
# A load dates what it finds by its own day; where its file tells of nothing as new, by the last
# day that files told of by then: an old export, loaded again today, corrects its own time.
# What changed together is found by a window: all changes of a load share their moment.
TOLD = """
    zone AS MATERIALIZED (SELECT time_zone FROM kernel_workspace),
    horizon AS MATERIALIZED (
        SELECT id, max(last_day) OVER (ORDER BY id) AS last_day
        FROM kernel_dataload
        WHERE dataset = 'pipeline_deals' AND status = 'loaded'
    ), told AS MATERIALIZED (
        SELECT deal_id, field, old, new, changed_at AS at, key, CASE
            WHEN found.day > horizon.last_day + 7 THEN horizon.last_day ELSE found.day
        END AS day,
            bool_or(field = 'stage_name') OVER together AS is_moved,
            bool_or(field = 'status') OVER together AS is_turned,
            max(old) FILTER (WHERE field = 'last_stage_change') OVER together AS was_since,
            max(new) FILTER (WHERE field = 'last_stage_change') OVER together AS now_since,
            max(old) FILTER (WHERE field = 'closed_at') OVER together AS was_closed,
            max(new) FILTER (WHERE field = 'closed_at') OVER together AS now_closed
        FROM pipeline_dealchange AS change CROSS JOIN LATERAL (
            SELECT (changed_at AT TIME ZONE (SELECT time_zone FROM zone))::date AS day
        ) AS found
        LEFT JOIN horizon ON horizon.id = change.load_id
        WHERE deal_id {{among}} AND field IN ({fields})
        WINDOW together AS (PARTITION BY deal_id, changed_at)
    )
"""
STEPS = """
    step AS (
        SELECT deal_id, {owners_day} AS day, at, 0 AS rank, key, {plain},
            NULL::text AS stage_name, NULL::date AS since,
            NULL::text AS state, NULL::date AS closed
        FROM told
        WHERE field IN ({fields})
        UNION ALL
        SELECT deal_id, day, at, rank, NULL, {nothing}, stage, since, NULL, NULL
        FROM staged
        UNION ALL
        SELECT deal_id, day, at, rank, NULL, {nothing}, NULL, NULL, before, since
        FROM turned
    ), walked AS MATERIALIZED (
        SELECT deal_id, day, lead(day) OVER back AS earlier, lag(day) OVER back AS later,
            {latest}
        FROM step
        WINDOW back AS (
            PARTITION BY deal_id ORDER BY day DESC, at DESC, rank, key
            ROWS UNBOUNDED PRECEDING
        )
    )
"""
WALKED = (*values.PLAIN, "stage_name", "since", "state", "closed")
# The last row of a deal has nothing but its first amount and since when it is as it is today.
SELECT = """
    WITH {told}, {first}, {stages}, {statuses}, {steps}
    SELECT {past}, NULL::numeric AS first_amount, NULL::text AS first_currency
    FROM walked JOIN pipeline_deal AS deal USING (deal_id)
    CROSS JOIN LATERAL (SELECT CASE
        WHEN {gone} THEN 'deleted' ELSE COALESCE(walked.state, deal.status)
    END AS state) AS found
    WHERE walked.earlier IS DISTINCT FROM walked.day
        AND walked.day > GREATEST(deal.created_at, walked.earlier)
    UNION ALL
    SELECT deal_id, GREATEST(deal.created_at, walked.day), {unknown},
        first.amount, CASE WHEN first.deal_id IS NOT NULL
            THEN COALESCE(first.currency, deal.currency) END
    FROM walked JOIN pipeline_deal AS deal USING (deal_id) LEFT JOIN first USING (deal_id)
    WHERE walked.later IS NULL
"""
# Deleted since always where nothing tells when.
GONE = """COALESCE(walked.is_deleted = 'true', deal.is_deleted AND NOT EXISTS (
    SELECT FROM pipeline_statusevent AS gone
    WHERE gone.deal_id = deal.deal_id AND gone.status = 'deleted'
))"""
ROOM = "SET LOCAL work_mem = '128MB'"
FORGET = "DELETE FROM pipeline_dealpast WHERE deal_id {among}"
EMPTY = """
    SELECT NOT EXISTS (SELECT FROM pipeline_dealchange)
        AND NOT EXISTS (SELECT FROM pipeline_stagevisit)
        AND NOT EXISTS (SELECT FROM pipeline_statusevent)
"""
UNMARK = """
    UPDATE pipeline_deal SET state_since = NULL, first_amount = NULL, first_currency = NULL
    WHERE deal_id {among} AND state_since IS NOT NULL
"""
KEEP = """
    WITH fresh AS MATERIALIZED ({select}), added AS (
        INSERT INTO pipeline_dealpast ({columns})
        SELECT {columns} FROM fresh WHERE valid_to IS NOT NULL
    )
    UPDATE pipeline_deal AS deal SET state_since = found.valid_from,
        first_amount = found.first_amount, first_currency = found.first_currency
    FROM (
        SELECT deal_id, fresh.valid_from, first_amount, first_currency
        FROM (
            SELECT deal_id FROM pipeline_deal WHERE deal_id {among} AND state_since IS NOT NULL
        ) AS marked
        FULL JOIN (
            SELECT deal_id, valid_from, first_amount, first_currency
            FROM fresh WHERE valid_to IS NULL
        ) AS fresh USING (deal_id)
    ) AS found
    WHERE deal.deal_id = found.deal_id
        AND (deal.state_since, deal.first_amount, deal.first_currency) IS DISTINCT FROM
            (found.valid_from, found.first_amount, found.first_currency)
"""
DIFFER = """
    WITH fresh AS MATERIALIZED ({select}), kept AS (
        SELECT {columns}, NULL::numeric AS first_amount, NULL::text AS first_currency
        FROM pipeline_dealpast
        UNION ALL
        SELECT deal_id, state_since, {unknown}, first_amount, first_currency
        FROM pipeline_deal WHERE state_since IS NOT NULL
    )
    SELECT (SELECT count(*) FROM (TABLE kept EXCEPT ALL TABLE fresh) AS wrong)
        + (SELECT count(*) FROM (TABLE fresh EXCEPT ALL TABLE kept) AS missing)
"""


def _select() -> str:
    own = {name: OWN.get(name) or values.value(name) for name in COLUMNS}
    plain = ", ".join(f"CASE WHEN field = '{name}' THEN old END AS {name}" for name in values.PLAIN)
    latest = ", ".join(f"pipeline_latest({name}) OVER back AS {name}" for name in WALKED)
    return SELECT.format(
        first=firsts.PART,
        told=TOLD.format(fields=", ".join(f"'{name}'" for name in values.FIELDS)),
        stages=stages.PARTS,
        statuses=statuses.PARTS,
        steps=STEPS.format(
            owners_day=owners.DAY,
            plain=plain,
            latest=latest,
            fields=", ".join(f"'{name}'" for name in values.PLAIN),
            nothing=", ".join(["NULL"] * len(values.PLAIN)),
        ),
        past=", ".join(f"{sql} AS {name}" for name, sql in own.items()),
        gone=GONE,
        unknown=UNKNOWN,
    )


UNKNOWN = ", ".join(["NULL"] * (len(COLUMNS) - 2))


@dataclass(frozen=True)
class Past(RollUp):
    """The pasts of deals, and beside them what their recorded history tells of today's rows.

    ``Deal.state_since`` is from when on a deal is as it is today, ``first_amount`` what it was
    first worth where that has changed. They are empty where nothing is recorded of a deal, which
    then costs nothing.
    """

    def refresh(self, buckets: Collection[Bucket]) -> None:
        """Walk these deals back anew."""
        self._settle(SQL("= ANY({})").format(Literal(sorted(set(buckets)))), len(buckets))

    def rebuild(self) -> None:
        """Walk all deals back anew."""
        self._settle(ALL, FEW_BUCKETS + 1)

    def differences(self) -> int:
        """How many stretches, owners, or days since when a deal is as it is, are not so anew."""
        with connection.cursor() as cursor:
            self._run(cursor, DIFFER, ALL)
            found = int(cursor.fetchone()[0])
            self._run(cursor, owners.COUNT, ALL)
            return found + int(cursor.fetchone()[0])

    def _settle(self, among: Composable, many: int) -> None:
        with self.changing() as cursor:
            self._run(cursor, FORGET, among)
            cursor.execute(EMPTY)
            nothing = cursor.fetchone()[0]
            if not nothing:
                self._run(cursor, owners.GIVE_BACK, among)
            if many > FEW_BUCKETS:
                cursor.execute(ROOM)
            self._run(cursor, UNMARK if nothing else KEEP, among)
            if many > FEW_BUCKETS and not nothing:
                self._run(cursor, "ANALYZE pipeline_dealpast", among)

    def _run(self, cursor: Cursor, step: str, among: Composable) -> None:
        cursor.execute(
            SQL(step).format(
                select=SQL(self.select).format(among=among),
                columns=SQL(", ".join(COLUMNS)),
                unknown=SQL(UNKNOWN),
                among=among,
            )
        )


PAST = Past(
    name="deal_past",
    model="pipeline.DealPast",
    bucket="deal_id",
    select=_select(),
    beside=("pipeline.Deal",),
)
