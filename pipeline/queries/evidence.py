"""What deals are judged by beside their own rows: work, people and changes, as of a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from revops_site.kernel.periods import fiscal_quarter
from revops_site.kernel.queries import Columns, to_frame
from revops_site.kernel.replica import connection

FEW = 50  # one query asks all of so many deals; of more, each part has a plan of its own
ENGAGED_DAYS = 90
AMOUNT_DAYS = 30


@dataclass(frozen=True)
class Part:
    """A query over the deals of ``ids``: at most one row a deal, with ``deal_id`` first.

    It is told what ``known`` gives.
    """

    sql: str
    columns: Columns


WORK = Part(
    """
    SELECT deal_id,
        (max(done_at) FILTER (WHERE is_done AND done_at < %(end)s AND direction <> 'inbound')
            AT TIME ZONE %(zone)s)::date AS last_activity_at,
        min(due_date) FILTER (WHERE NOT is_done AND due_date >= %(day)s) AS planned,
        bool_or(is_done) AS is_worked
    FROM pipeline_activity WHERE deal_id = ANY(%(ids)s) GROUP BY deal_id
    """,
    {
        "deal_id": "str",
        **dict.fromkeys(("last_activity_at", "planned"), "datetime64[s]"),
        "is_worked": "bool",
    },
)
# What deals themselves say, for want of activities.
OWN = Part(
    """
    SELECT deal_id,
        CASE WHEN last_activity_at <= %(day)s THEN last_activity_at END AS own_last,
        CASE WHEN next_activity_at >= %(day)s THEN next_activity_at END AS own_next
    FROM pipeline_deal WHERE deal_id = ANY(%(ids)s)
        AND (last_activity_at <= %(day)s OR next_activity_at >= %(day)s)
    """,
    {"deal_id": "str", **dict.fromkeys(("own_last", "own_next"), "datetime64[s]")},
)
ENGAGED = Part(
    """
    SELECT deal_id, count(*) AS n FROM (
        SELECT deal_id, contact_id FROM pipeline_contact
        WHERE deal_id = ANY(%(ids)s) AND last_engaged_at <= %(day)s
            AND last_engaged_at > %(engaged_after)s
        UNION
        SELECT deal_id, contact_id FROM pipeline_activity
        WHERE deal_id = ANY(%(ids)s) AND is_done AND contact_id <> ''
            AND done_at >= %(engaged_since)s AND done_at < %(end)s
    ) AS engaged GROUP BY deal_id
    """,
    {"deal_id": "str", "n": "int64"},
)
PUSHES = Part(
    r"""
    SELECT deal_id, count(*) AS n FROM pipeline_dealchange
    WHERE deal_id = ANY(%(ids)s) AND field = 'close_date' AND changed_at < %(end)s
        AND old ~ '^\d{4}-\d\d' AND new ~ '^\d{4}-\d\d' AND left(new, 7) > left(old, 7)
    GROUP BY deal_id
    """,
    {"deal_id": "str", "n": "int64"},
)
AMOUNTS = Part(
    """
    SELECT DISTINCT ON (deal_id) deal_id, old FROM pipeline_dealchange
    WHERE deal_id = ANY(%(ids)s) AND field = 'amount'
        AND changed_at >= %(amount_since)s AND changed_at < %(end)s
    ORDER BY deal_id, changed_at
    """,
    {"deal_id": "str", "old": "str"},
)
# Pushed out of the running fiscal quarter within it.
SLIPPED = Part(
    r"""
    SELECT DISTINCT deal_id FROM pipeline_dealchange
    WHERE deal_id = ANY(%(ids)s) AND field = 'close_date'
        AND changed_at >= %(quarter_since)s AND changed_at < %(end)s
        AND old ~ '^\d{4}-\d\d-\d\d' AND new ~ '^\d{4}-\d\d-\d\d'
        AND left(old, 10) <= %(quarter_last)s AND left(new, 10) > %(quarter_last)s
    """,
    {"deal_id": "str"},
)
# Who was engaged last, of what is known of contacts and of activities by the day.
NAMES = Part(
    """
    SELECT deal_id,
        (array_agg(name ORDER BY last DESC NULLS LAST, contact_id)
            FILTER (WHERE is_champion))[1] AS champion,
        (array_agg(name ORDER BY last DESC NULLS LAST, contact_id)
            FILTER (WHERE is_economic_buyer))[1] AS buyer,
        (array_agg(name ORDER BY last DESC, contact_id)
            FILTER (WHERE last IS NOT NULL))[1] AS contact
    FROM (
        SELECT deal_id, contact_id, name, is_champion, is_economic_buyer, GREATEST(
            CASE WHEN last_engaged_at <= %(day)s THEN last_engaged_at END, met.last
        ) AS last
        FROM pipeline_contact LEFT JOIN (
            SELECT deal_id, contact_id, (max(done_at) AT TIME ZONE %(zone)s)::date AS last
            FROM pipeline_activity
            WHERE deal_id = ANY(%(ids)s) AND is_done AND contact_id <> '' AND done_at < %(end)s
            GROUP BY 1, 2
        ) AS met USING (deal_id, contact_id)
        WHERE deal_id = ANY(%(ids)s)
    ) AS known GROUP BY deal_id
    """,
    dict.fromkeys(("deal_id", "champion", "buyer", "contact"), "str"),
)
PARTS: Mapping[str, Part] = {
    "work": WORK,
    "own": OWN,
    "engaged": ENGAGED,
    "pushes": PUSHES,
    "amounts": AMOUNTS,
}
OF_RISK: Mapping[str, Part] = {"slipped": SLIPPED, "people": NAMES}


def known(
    ids: Sequence[str], day: date, *, is_newest: bool, zone: ZoneInfo, first_month: int
) -> dict[str, Any]:
    """What the parts are told: whose, as of when, and how far each looks back.

    What happened after the day is not looked at: ``end`` is the first instant of the next one. On
    the newest there is none, since a change that a load saw bears the load's moment.
    """
    quarter = fiscal_quarter(day, first_month)
    end = datetime.max.replace(tzinfo=UTC)
    return {
        "ids": list(ids),
        "day": day,
        "zone": zone.key,
        "end": end if is_newest else _begins(day, 1, zone),
        "engaged_after": day - timedelta(days=ENGAGED_DAYS),
        "engaged_since": _begins(day, 1 - ENGAGED_DAYS, zone),
        "amount_since": _begins(day, 1 - AMOUNT_DAYS, zone),
        "quarter_since": _begins(quarter.start, 0, zone),
        "quarter_last": quarter.last_day.isoformat(),
    }


def frames(parts: Mapping[str, Part], told: Mapping[str, Any]) -> Mapping[str, pd.DataFrame]:
    """What these parts say of the deals: a frame each, without those it knows nothing of."""
    if len(told["ids"]) <= FEW:
        return _together(parts, told)
    found, many = {}, {**told, "ids": as_array(told["ids"])}
    with connection.cursor() as cursor:
        for name, part in parts.items():
            cursor.execute(part.sql, many)
            found[name] = to_frame(cursor.fetchall(), part.columns)
    return found


def as_array(texts: Collection[str]) -> str:
    """Texts as PostgreSQL writes an array of them; the driver would take far longer."""
    escaped = (one.replace("\\", "\\\\").replace('"', '\\"') for one in texts)
    return '{"' + '","'.join(escaped) + '"}' if texts else "{}"


def _together(parts: Mapping[str, Part], told: Mapping[str, Any]) -> Mapping[str, pd.DataFrame]:
    """The same by one query."""
    shown = ", ".join(f"{name}.{one}" for name, part in parts.items() for one in part.columns)
    joins = " ".join(
        f"LEFT JOIN ({part.sql}) AS {name} ON {name}.deal_id = whose.deal_id"
        for name, part in parts.items()
    )
    whose = "unnest(%(ids)s::text[]) AS whose (deal_id)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {shown} FROM {whose} {joins}", told)  # noqa: S608
        rows = cursor.fetchall()
    found, start = {}, 0
    for name, part in parts.items():
        end = start + len(part.columns)
        own = [row[start:end] for row in rows if row[start] is not None]
        found[name], start = to_frame(own, part.columns), end
    return found


def _begins(day: date, later: int, zone: ZoneInfo) -> datetime:
    """The first instant of a day, or of one so many days later."""
    return datetime.combine(day + timedelta(days=later), time(), zone)
