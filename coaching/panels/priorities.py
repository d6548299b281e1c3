"""What each rep should do next: the first ten of the open deals, with whom, why and when.

What somebody has done, put off or found of no use is not told of while that holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coaching.analytics.marks import lasts
from coaching.analytics.priority import (
    MOST,
    Open,
    Ranked,
    best_hours,
    factors,
    ranked,
    score,
    shown,
)
from coaching.queries import marks, sums
from coaching.queries.marks import Cause, Mark
from coaching.queries.people import group, of_all
from pipeline.panels.health import known
from pipeline.queries import daily, standing
from pipeline.queries.roles import roles
from revops_site.kernel.filters import Slice
from revops_site.kernel.freshness import remembered
from revops_site.kernel.queries import generation, shared

FIELDS = (
    *("deal_id", "owner_id", "deal_name", "account_name", "account_id", "value", "health_score"),
    *("days_since_activity", "days_until_close", "close_date", "risk_flags", "muted", "urgency"),
    *("slip_risk", "primary_action", "action_target", "action_reason", "stage_name", "push_count"),
    "heeded_display",
)


@dataclass(frozen=True)
class Action:
    """One thing to do: the deal with its place and parts, with whom, and when calls are taken.

    ``row`` has the deal's health by ``FIELDS``; ``hours`` are the best two of the rep's day, None
    where too few calls tell; ``contact_role`` is "" where none is known. ``mark`` is what was said
    of the deal last, if anything was.
    """

    ranked: Ranked
    row: Mapping[str, Any]
    cause: Cause
    contact_role: str
    hours: tuple[int, int] | None
    mark: Mark | None


@dataclass(frozen=True)
class Aside:
    """An action that is not told of, and what was said of it; ``row`` as of an action."""

    row: Mapping[str, Any]
    cause: Cause
    mark: Mark


@shared
def actions(slice_: Slice, most: int = MOST) -> Sequence[Action]:
    """The first ones of each rep whom the reader may see and asked for, reps by their ids.

    A deal is one action at most. What was muted of a deal's flags does not press.
    """
    key = f"actions:{slice_.cache_key}:{most}:{generation()}:{marks.last()}"
    return remembered(key, lambda: _actions(slice_, most))


def _actions(slice_: Slice, most: int) -> Sequence[Action]:
    said = marks.newest(slice_.as_of)
    found = {row["deal_id"]: row for row in _rows(slice_)}
    rows = {deal_id: row for deal_id, row in found.items() if not _holds(row, slice_, said)}
    if not rows:
        return []
    wide = of_all(slice_, group(slice_).shown)
    ranks = ranked(map(as_open, rows.values()), sums.median_won(slice_), most)
    parts = roles([one.deal.opportunity_id for one in ranks])
    hours = {rep: best_hours(calls) for rep, calls in daily.answered(wide).items()}
    return [
        Action(
            one,
            row := rows[one.deal.opportunity_id],
            cause(row),
            parts.get((one.deal.opportunity_id, row["action_target"]), ""),
            hours.get(one.deal.rep_id),
            said.get(one.deal.opportunity_id),
        )
        for one in ranks
    ]


@shared
def aside(slice_: Slice) -> Sequence[Aside]:
    """Those of the same reps that are not told of for now, the newest first."""
    said = marks.newest(slice_.as_of)
    marked = _rows(slice_, tuple(sorted(said))) if said else []
    found = [
        Aside(row, cause(row), said[row["deal_id"]]) for row in marked if _holds(row, slice_, said)
    ]
    return sorted(found, key=lambda one: -one.mark.pk)


def told(slice_: Slice, deal_id: str) -> tuple[Cause, float] | None:
    """Cause and score of what is to be done for a deal; None where the reader is not told of any.

    Of all deals, not of the first ten alone: the list may have moved on since it was looked at.
    Of a past day there is none: what was to be done then nobody can do now.
    """
    row = next(iter(_rows(slice_, (deal_id,))), None)
    if row is None or not standing.is_now(slice_.as_of):
        return None
    parts = factors(as_open(row), sums.median_won(slice_))
    return cause(row), shown(score(parts))


def cause(row: Mapping[str, Any]) -> Cause:
    """What makes the action of a deal another one than before."""
    return Cause(row["owner_id"], row["primary_action"], _flag(row), row["stage_name"])


def _rows(slice_: Slice, deal_ids: tuple[str, ...] | None = None) -> Sequence[Mapping[str, Any]]:
    """The open deals of those reps with their health, or these of them."""
    ids = group(slice_).shown
    if not ids:
        return []
    rows = known.scored(of_all(slice_, ids))
    if deal_ids is not None:
        rows = rows.filter(deal_id__in=deal_ids)
    return list(rows.values(*FIELDS))


def _holds(row: Mapping[str, Any], slice_: Slice, said: Mapping[str, Mark]) -> bool:
    mark = said.get(row["deal_id"])
    if mark is None or mark.cause != cause(row):
        return False
    return lasts(mark.said, mark.until, mark.day, slice_.as_of)


def _heeded(row: Mapping[str, Any]) -> Sequence[str]:
    return [flag for flag in row["risk_flags"] if flag not in row["muted"]]


def _flag(row: Mapping[str, Any]) -> str:
    """The flag that the deal's reason is of; "" where it has none."""
    return next(iter(_heeded(row)), "")


def of_deal(slice_: Slice, deal_id: str) -> Mapping[str, Any] | None:
    """An open deal with its health, by ``FIELDS``; None where there is none of that id."""
    return known.scored(slice_).filter(deal_id=deal_id).values(*FIELDS).first()


def as_open(row: Mapping[str, Any]) -> Open:
    """The deal as its priority is reckoned."""
    return Open(
        opportunity_id=row["deal_id"],
        rep_id=row["owner_id"],
        health=row["health_score"],
        days_since_contact=row["days_since_activity"],
        amount=None if row["value"] is None else float(row["value"]),
        days_until_close=row["days_until_close"],
        flags=len(_heeded(row)),
        urgency=row["urgency"],
    )
