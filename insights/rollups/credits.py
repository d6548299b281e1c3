"""The ledger of credit: written when a deal is won, and again when what it rests on is another.

A load, an edit or a sync that touches a deal or its touches writes in its own transaction; where it
touches very many, the background does, and pages say so until then. No revision is ever changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from psycopg.sql import SQL, Composable, Identifier, Literal

from insights.models import Credit, CreditDue, CreditRevision
from insights.rollups import ended, leads
from insights.rollups.journeys import DEAL_JOURNEYS, LEAD_JOURNEYS
from marketing.analytics import attribution
from revops_site.kernel import clock, counts, freshness
from revops_site.kernel.models import Workspace
from revops_site.kernel.rollups import Cursor

TASK = "insights.tasks.tell_journeys"
DEALS, LEADS = "deals", "leads"
JOURNEYS = {DEALS: DEAL_JOURNEYS, LEADS: LEAD_JOURNEYS}
SOURCES = {
    DEALS: "pipeline.Deal",
    LEADS: "marketing.Touchpoint",
    leads.PATHS: "marketing.Lead",
}
MOST_AT_ONCE = 5_000  # keys that a load tells of by itself
SMALL = 60_000  # rows of a table that nobody has to wait for long
ALL = SQL("IS NOT NULL")
OF_CREDIT = frozenset({"lookback_days", "half_life_days", "time_zone"})
# What a won deal rests on, beside what its newest revision rests on.
STANDING = """
    WITH latest AS (
        SELECT DISTINCT ON (deal_id) * FROM insights_creditrevision
        WHERE deal_id {among} ORDER BY deal_id, revision DESC
    ), standing AS (
        SELECT deal_id, deal.closed_at, deal.amount, deal.currency,
            touch_ids[first_within:] AS touch_ids, channels[first_within:] AS channels,
            campaigns[first_within:] AS campaigns,
            ARRAY(
                SELECT deal.closed_at - day
                FROM unnest(days[first_within:]) WITH ORDINALITY AS touch (day, nth) ORDER BY nth
            ) AS ages
        FROM pipeline_deal AS deal JOIN insights_dealjourney AS journey USING (deal_id)
        WHERE deal.status = 'won' AND NOT deal.is_deleted AND deal.deal_id {among}
    ), beside AS (
        SELECT deal_id, COALESCE(latest.revision, 0) + 1 AS revision,
            standing.closed_at, standing.amount, standing.currency,
            standing.touch_ids, standing.channels, standing.campaigns, standing.ages,
            standing.closed_at IS NULL AS is_void, latest.deal_id IS NULL AS is_first,
            COALESCE(latest.is_void, true) AS was_void,
            (standing.amount, standing.currency)
                IS DISTINCT FROM (latest.amount, latest.currency) AS other_amount,
            standing.closed_at IS DISTINCT FROM latest.closed_at AS other_close,
            (standing.touch_ids, standing.channels, standing.campaigns)
                IS DISTINCT FROM (latest.touch_ids, latest.channels, latest.campaigns)
                AS other_touches,
            (latest.version, latest.lookback_days, latest.half_life_days)
                IS DISTINCT FROM ({version}, {lookback}, {half_life}) AS other_terms
        FROM standing FULL JOIN latest USING (deal_id)
    )
    SELECT * FROM beside WHERE is_void <> was_void
        OR NOT is_void AND (other_amount OR other_close OR other_touches OR other_terms)
    ORDER BY deal_id
"""
NEWEST = """
    UPDATE insights_dealjourney AS journey SET revision = written.revision
    FROM unnest(%s::text[], %s::int[]) AS written (deal_id, revision)
    WHERE journey.deal_id = written.deal_id
"""
TAKE = """
    WITH taken AS (DELETE FROM insights_creditdue WHERE what = %s RETURNING key)
    SELECT DISTINCT key FROM taken
"""
MARK = "INSERT INTO insights_creditdue (what, key) SELECT %s, unnest(%s::text[])"


class Row(NamedTuple):
    """A deal whose credit is to be written, and what is other than before."""

    deal_id: str
    revision: int
    closed_at: Any
    amount: Any
    currency: str | None
    touch_ids: list[str] | None
    channels: list[str] | None
    campaigns: list[str] | None
    ages: list[int] | None
    is_void: bool
    is_first: bool
    was_void: bool
    other_amount: bool
    other_close: bool
    other_touches: bool
    other_terms: bool

    @property
    def reasons(self) -> list[str]:
        """Why there is a revision."""
        why = CreditRevision.Reason
        if self.is_void:
            return [why.REOPENED.value]
        if self.was_void:
            return [why.WON.value if self.is_first else why.WON_AGAIN.value]
        told = (
            (why.AMOUNT, self.other_amount),
            (why.CLOSE, self.other_close),
            (why.TOUCHES, self.other_touches),
            (why.TERMS, self.other_terms),
        )
        return [reason.value for reason, holds in told if holds]


def follow(what: str, keys: Collection[str] | None, **_: Any) -> None:
    """Tell the journeys of these deals or leads anew, and write what they change; or soon.

    The same of the paths of the days whose leads, deals or customers changed.
    """
    if what in leads.FOLLOWED:
        _follow_paths(leads.touched(what, keys))
    if what not in JOURNEYS:
        return
    few = keys is not None and len(keys) <= MOST_AT_ONCE
    if few or (keys is None and _is_small(what)):
        _tell(what, keys)
    else:
        mark(what, [""])


def _follow_paths(days: Collection[date] | None) -> None:
    if days is None and not _is_small(leads.PATHS):
        mark(leads.PATHS, [""])
    elif days is None or len(days) <= leads.MOST_DAYS or _is_small(leads.PATHS):
        leads.sum_up(days)
    else:
        mark(leads.PATHS, [day.isoformat() for day in days])


def mark(what: str, keys: Sequence[str]) -> None:
    """Have these told anew by the background, "" for all: what changed them must commit."""
    with connection.cursor() as cursor:
        cursor.execute(MARK, [what, list(keys)])
    transaction.on_commit(soon, robust=True)


def mark_all(created: bool = False, update_fields: Collection[str] | None = None, **_: Any) -> None:
    """The same of all. Listens to what changes every credit, such as the workspace's lookback."""
    if not created and (update_fields is None or OF_CREDIT & {*update_fields}):
        for what in JOURNEYS:
            follow(what, None)


def soon() -> None:
    """Have the background tell what is due; once if asked for several times."""
    task = app.configure_task(TASK, lock=TASK, queueing_lock=TASK)
    try:
        with transaction.atomic():
            task.defer()
    except AlreadyEnqueued:
        pass  # it has not begun yet, and will see what was changed now


def behind(what: Collection[str] = (DEALS, LEADS)) -> bool:
    """Whether something of it is due."""
    return CreditDue.objects.filter(what__in=what).exists()


def ready() -> bool:
    """Whether the ledger is as the data are; what is due is asked for again."""
    if not behind((DEALS, LEADS, leads.PATHS)):
        return True
    soon()
    return False


@transaction.atomic
def tell() -> None:
    """Tell what is due, as a change of the data of its own."""
    for what in JOURNEYS:
        with JOURNEYS[what].changing() as cursor:
            cursor.execute(TAKE, [what])
            keys = frozenset(key for (key,) in cursor.fetchall())
        if keys:
            _tell(what, None if "" in keys else keys)
            freshness.bump()
    with leads.LEAD_PATHS.changing() as cursor:
        cursor.execute(TAKE, [leads.PATHS])
        if days := frozenset(key for (key,) in cursor.fetchall()):
            leads.retell(days)
            freshness.bump()


def _is_small(what: str) -> bool:
    from django.apps import apps  # a table's name is known once all of them are

    return counts.about(apps.get_model(SOURCES[what])) <= SMALL


def _tell(what: str, keys: Collection[str] | None) -> None:
    with JOURNEYS[what].changing() as cursor, ended.following(what, keys):
        terms = freshness.workspace()
        if keys is None:
            JOURNEYS[what].rebuild()
        else:
            JOURNEYS[what].refresh(keys)
        if what == DEALS:
            among = ALL if keys is None else SQL("= ANY({})").format(Literal(sorted(keys)))
            _write(cursor, among, terms)


def _write(cursor: Cursor, among: Composable, at: Workspace) -> None:
    """Add the revisions of the deals that stand otherwise than in the ledger."""
    terms = attribution.Terms(at.lookback_days, at.half_life_days)
    cursor.execute(
        SQL(STANDING).format(
            among=among,
            version=Literal(attribution.VERSION),
            lookback=Literal(terms.lookback_days),
            half_life=Literal(terms.half_life_days),
        )
    )
    rows = [Row(*row) for row in cursor.fetchall()]
    if not rows:
        return
    written = clock.now()
    tail = (attribution.VERSION, terms.lookback_days, terms.half_life_days)
    _copy(
        cursor,
        CreditRevision._meta.db_table,
        (
            *("deal_id", "revision", "written_at", "reasons", "is_void", "closed_at", "amount"),
            *("currency", "version", "lookback_days", "half_life_days"),
            *("touch_ids", "channels", "campaigns", "ages"),
        ),
        (
            (
                *(row.deal_id, row.revision, written, row.reasons, row.is_void),
                *(row.closed_at, row.amount, row.currency or "", *tail),
                *(row.touch_ids or [], row.channels or [], row.campaigns or [], row.ages or []),
            )
            for row in rows
        ),
    )
    won = [row for row in rows if not row.is_void]
    if won:
        columns = ("deal_id", "revision", "channel", "campaign", "touches", *attribution.RULES)
        _copy(cursor, Credit._meta.db_table, columns, _lines(won, terms))
        cursor.execute(NEWEST, [[row.deal_id for row in won], [row.revision for row in won]])


def _lines(won: Sequence[Row], terms: attribution.Terms) -> Iterable[Sequence[Any]]:
    """Each deal's credit by channel and campaign, in the columns of the table."""
    counted = [len(row.ages or ()) for row in won]
    touches = pd.DataFrame(
        {
            "conversion": np.repeat(np.arange(len(won)), counted),
            "channel": [one for row in won for one in row.channels or ()],
            "campaign": [one for row in won for one in row.campaigns or ()],
            "age": np.array([one for row in won for one in row.ages or ()], dtype="int64"),
        }
    )
    worth = pd.DataFrame({"conversion": np.arange(len(won))})
    given = attribution.credits_of(touches, worth, terms)
    columns = [given[name].tolist() for name in given]
    for nth, *line in zip(*columns, strict=True):
        yield (won[nth].deal_id, won[nth].revision, *line)


def _copy(
    cursor: Cursor, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    into = SQL("COPY {} ({}) FROM STDIN").format(
        Identifier(table), SQL(", ").join(map(Identifier, columns))
    )
    with connection.wrap_database_errors, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row)
