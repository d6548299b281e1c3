"""What happened to a deal and what is planned for it, of all kinds, the newest first."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from revops_site.kernel.replica import connection

KINDS: Mapping[str, str] = {
    "planned": "Planned",
    "done": "Done",
    "notes": "Notes",
    "stages": "Stages",
    "money": "Amount and price",
    "dates": "Expected close",
    "forecast": "Forecast",
    "people": "Owner and people",
    "steps": "Next step",
    "flags": "Flags",
    "other": "Other fields",
}
FIELDS: Mapping[str, str] = {
    **dict.fromkeys(("stage_name", "status", "pipeline_id", "lost_reason"), "stages"),
    **dict.fromkeys(("amount", "currency", "discount_pct"), "money"),
    **dict.fromkeys(("close_date", "closed_at"), "dates"),
    **dict.fromkeys(("forecast_category", "probability"), "forecast"),
    **dict.fromkeys(("owner_id", "has_champion", "has_economic_buyer"), "people"),
    "next_step": "steps",
    "flag": "flags",
}
UNTOLD = ("last_stage_change", "is_deleted")  # what other rows tell better
SIZE = 25
# Planned days count as noon of the workspace's zone: before and after what has an hour on that day.
TOLD = """
    SELECT CASE WHEN is_done THEN 'done' ELSE 'planned' END AS kind, activity_id AS id,
        CASE WHEN is_done THEN done_at END AS at, CASE WHEN NOT is_done THEN due_date END AS day,
        type AS what, direction AS old, '' AS new, subject AS body, rep_id, load_id
    FROM pipeline_activity WHERE deal_id = %(deal)s AND deal_id <> ''
    UNION ALL
    SELECT 'notes', note_id, created_at, NULL, 'note', '', '', body, author_id, load_id
    FROM pipeline_note WHERE deal_id = %(deal)s
    UNION ALL
    SELECT COALESCE(%(fields)s::jsonb ->> field, 'other'), key::text, changed_at, NULL,
        field, old, new, source, NULL, load_id
    FROM pipeline_dealchange WHERE deal_id = %(deal)s AND field <> ALL(%(untold)s)
    UNION ALL
    SELECT 'stages', key::text, entered_at, NULL, 'entered', '', stage_name, '', NULL, load_id
    FROM pipeline_stagevisit AS visit WHERE deal_id = %(deal)s AND NOT EXISTS (
        SELECT FROM pipeline_dealchange AS moved
        WHERE moved.deal_id = %(deal)s AND moved.field = 'stage_name'
            AND moved.new = visit.stage_name
            AND abs(EXTRACT(epoch FROM moved.changed_at - visit.entered_at)) < 86400
    )
    UNION ALL
    SELECT 'stages', key::text, at, NULL, 'became', '', status, '', NULL, load_id
    FROM pipeline_statusevent AS event WHERE deal_id = %(deal)s AND NOT EXISTS (
        SELECT FROM pipeline_dealchange AS turned
        WHERE turned.deal_id = %(deal)s AND turned.field = 'status' AND turned.new = event.status
            AND abs(EXTRACT(epoch FROM turned.changed_at - event.at)) < 86400
    )
    UNION ALL
    SELECT 'stages', '', NULL, created_at, 'created', '', '', '', NULL, NULL
    FROM pipeline_deal WHERE deal_id = %(deal)s
"""
# One row for each entry of the page, or one of the counts alone where there is none.
PAGE = f"""
    WITH told AS MATERIALIZED ({TOLD}), counted AS (
        SELECT json_object_agg(kind, n)::text AS counts
        FROM (SELECT kind, count(*) AS n FROM told GROUP BY kind) AS by_kind
    )
    SELECT counted.counts, told.kind, told.id, told.at, told.day, told.what,
        COALESCE(before.name, told.old), COALESCE(after.name, told.new), told.body,
        COALESCE(doer.name, ''), COALESCE(load.kind, ''), COALESCE(load.file_name, ''),
        COALESCE(NULLIF(trim(writer.first_name || ' ' || writer.last_name), ''),
            writer.username, '')
    FROM counted LEFT JOIN (
        SELECT *, COALESCE(at, (day + time '12:00') AT TIME ZONE %(zone)s) AS place
        FROM told
        WHERE %(kind)s = '' OR kind = %(kind)s
        ORDER BY place DESC NULLS FIRST, kind, id LIMIT %(most)s OFFSET %(start)s
    ) AS told ON true
    LEFT JOIN kernel_rep AS before ON told.what = 'owner_id' AND before.rep_id = told.old
    LEFT JOIN kernel_rep AS after ON told.what = 'owner_id' AND after.rep_id = told.new
    LEFT JOIN kernel_rep AS doer ON doer.rep_id = told.rep_id
    LEFT JOIN kernel_dataload AS load ON load.id = told.load_id
    LEFT JOIN kernel_user AS writer ON writer.id = load.loaded_by_id
    ORDER BY told.place DESC NULLS FIRST, told.kind, told.id
"""  # noqa: S608


@dataclass(frozen=True)
class Event:
    """Something that was done, planned, written or changed.

    ``kind`` is one of ``KINDS``; ``at`` is its moment, or ``day`` its day where no hour is known,
    both None for what is planned for no day. ``what`` is an activity's type, a change's field,
    else note, entered, became or created; ``old`` and ``new`` are a change's values, of an
    activity ``old`` is its direction; ``body`` is its text, of a change where it came from.
    ``doer`` is the rep who did or wrote it, ``load`` the kind of load that brought it, by ``file``
    and ``writer``, each "" where there is none.
    """

    kind: str
    id: str
    at: datetime | None
    day: date | None
    what: str
    old: str
    new: str
    body: str
    doer: str
    load: str
    file: str
    writer: str


@dataclass(frozen=True)
class Part:
    """A page of what happened: of one ``kind``, or of all for "".

    ``counts`` says how much there is of each kind, of those that there are; ``number`` which of
    the ``pages`` it is, ``total`` how many entries they hold.
    """

    events: Sequence[Event]
    counts: Mapping[str, int]
    kind: str
    number: int
    pages: int
    total: int


def part(deal_id: str, kind: str, number: int, zone: str) -> Part:
    """A page of a deal's timeline by its kind and number, from 1.

    What is asked for and is not there is taken for all kinds, and the last page.
    """
    asked = (kind if kind in KINDS else "", max(1, number))
    counts, events = _read(deal_id, *asked, zone)
    kind = asked[0] if asked[0] in counts else ""
    total = counts[kind] if kind else sum(counts.values())
    pages = max(1, -(-total // SIZE))
    found = (kind, min(asked[1], pages))
    if found != asked:
        events = _read(deal_id, *found, zone)[1]
    return Part(events, counts, *found, pages, total)


def _read(
    deal_id: str, kind: str, number: int, zone: str
) -> tuple[Mapping[str, int], Sequence[Event]]:
    page: dict[str, Any] = {"kind": kind, "most": SIZE, "start": (number - 1) * SIZE, "zone": zone}
    with connection.cursor() as cursor:
        cursor.execute(PAGE, {**_params(deal_id), **page})
        rows = cursor.fetchall()
    found: dict[str, int] = json.loads(rows[0][0] or "{}")
    counts = {kind: found[kind] for kind in KINDS if kind in found}
    return counts, [Event(*row[1:]) for row in rows if row[1] is not None]


def _params(deal_id: str) -> dict[str, Any]:
    fields = ", ".join(f'"{field}": "{kind}"' for field, kind in FIELDS.items())
    return {"deal": deal_id, "fields": f"{{{fields}}}", "untold": list(UNTOLD)}
