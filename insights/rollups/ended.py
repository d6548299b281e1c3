"""Credit and moves of the journeys by the day that they ended; what tells a journey changes them.

A page sums days of few channels instead of a year's journeys, at the rates of each day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date

from django.db.models import Model

from insights.models import DealJourney, LeadJourney
from insights.rollups.brief import CREDIT_LINES, DEAL_BRIEFS
from marketing.analytics.attribution import RULES, UNATTRIBUTED
from revops_site.kernel.rollups import RollUp

# The columns of a line of credit of ``{ended}``, a deal ``{times}`` over; sums are exact.
LINE = """
    SELECT ended.ended_on, ended.currency, COALESCE(credit.channel, '{nobody}') AS channel,
        {times} AS lines, {times} * COALESCE(credit.touches, 0) AS touches,
        {times} * COALESCE(amount, 0) AS amount, {parts}
    FROM {ended} AS ended LEFT JOIN insights_credit AS credit
        ON credit.deal_id = ended.deal_id AND credit.revision = ended.revision
"""
PARTS = (*(f"{name}_amount" for name in RULES), *(f"{name}_deals" for name in RULES))
# From each channel of a path to the next, of ``{ends}``: ended_on, path, journeys, won. A channel
# that follows itself is one step; ways without any are none. Nothing is before a path, nor after.
MOVES = """
    SELECT ended_on, COALESCE(step.before, '') AS before, COALESCE(step.after, '') AS after,
        sum(journeys)::int AS journeys,
        COALESCE(sum(won) FILTER (WHERE step.after IS NULL), 0)::int AS won
    FROM ({ends}) AS ends,
        unnest(array_prepend(NULL, path), array_append(path, NULL)) AS step (before, after)
    WHERE path <> ARRAY[]::varchar[] AND step.before IS DISTINCT FROM step.after
    GROUP BY ended_on, step.before, step.after
"""
ENDS = """
    SELECT ended_on, path, count(*) AS journeys, {won} AS won
    FROM {table} WHERE ended_on {{among}} GROUP BY ended_on, path
"""
DEALS, LEADS = "deals", "leads"
JOURNEYS: dict[str, type[Model]] = {DEALS: DealJourney, LEADS: LeadJourney}


def line_sql(ended: str, times: str = "1") -> str:
    """The lines of credit of a table of won deals, in the columns that are kept by the day."""
    amounts = (f"COALESCE({name}, 1) * COALESCE(amount, 0)" for name in RULES)
    shares = (*amounts, *(f"COALESCE({name}, 1)" for name in RULES))
    parts = (
        f"{times} * ({share})::numeric(36, 12) AS {name}"
        for name, share in zip(PARTS, shares, strict=True)
    )
    return LINE.format(ended=ended, times=times, nobody=UNATTRIBUTED, parts=", ".join(parts))


def _moves(table: str, won: str) -> str:
    return MOVES.format(ends=ENDS.format(table=table, won=won)) + " ORDER BY ended_on"


SUMS = ", ".join(f"sum({name}) AS {name}" for name in ("amount", *PARTS))
WON = "(SELECT * FROM insights_dealjourney WHERE is_won AND ended_on {among})"
CREDIT_DAYS = RollUp(
    name="credit_days",
    model="insights.CreditDay",
    bucket="ended_on",
    select=f"""
        SELECT ended_on, currency, channel, sum(lines)::int AS lines,
            sum(touches)::int AS touches, {SUMS}
        FROM ({line_sql(WON)}) AS line GROUP BY ended_on, currency, channel ORDER BY ended_on
    """,  # noqa: S608
)
DEAL_MOVES = RollUp(
    name="deal_moves",
    model="insights.DealMove",
    bucket="ended_on",
    select=_moves("insights_dealjourney", "count(*) FILTER (WHERE is_won)"),
)
LEAD_MOVES = RollUp(
    name="lead_moves",
    model="insights.LeadMove",
    bucket="ended_on",
    select=_moves("insights_leadjourney", "0"),
)
KEPT = {DEALS: (CREDIT_DAYS, DEAL_MOVES), LEADS: (LEAD_MOVES,)}
BRIEF = {DEALS: (DEAL_BRIEFS, CREDIT_LINES), LEADS: ()}


@contextmanager
def following(what: str, keys: Collection[str] | None) -> Iterator[None]:
    """Sum the days anew that these deals or leads end on before and after; None for all.

    What is kept of each of them in brief is told anew first.
    """
    before = _days(what, keys)
    yield
    for one in BRIEF[what]:
        if keys is None:
            one.rebuild()
        else:
            one.refresh(keys)
    touched = before | _days(what, keys)
    for one in KEPT[what]:
        if keys is None:
            one.rebuild()
        elif touched:
            one.refresh(touched)


def _days(what: str, keys: Collection[str] | None) -> frozenset[date]:
    if keys is None:
        return frozenset()
    ended = JOURNEYS[what]._default_manager.filter(ended_on__isnull=False)
    found = ended.filter(**{f"{what.removesuffix('s')}_id__in": keys})
    return frozenset(found.values_list("ended_on", flat=True).distinct())
