"""What each rep should do next: the first ten of the open deals, with whom, why and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coaching.analytics.priority import MOST, Open, Ranked, best_hours, ranked
from coaching.queries import sums
from coaching.queries.people import group, of_all
from pipeline.panels.health import known
from pipeline.queries import daily
from pipeline.queries.roles import roles
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import shared

FIELDS = (
    *("deal_id", "owner_id", "deal_name", "account_name", "account_id", "value", "health_score"),
    *("days_since_activity", "days_until_close", "close_date", "risk_flags", "muted", "urgency"),
    *("slip_risk", "primary_action", "action_target", "action_reason", "stage_name"),
)


@dataclass(frozen=True)
class Action:
    """One thing to do: the deal with its place and parts, with whom, and when calls are taken.

    ``row`` has the deal's health by ``FIELDS``; ``hours`` are the best two of the rep's day, None
    where too few calls tell; ``contact_role`` is "" where none is known.
    """

    ranked: Ranked
    row: Mapping[str, Any]
    contact_role: str
    hours: tuple[int, int] | None


@shared
def actions(slice_: Slice, most: int = MOST) -> Sequence[Action]:
    """The first ones of each rep whom the reader may see and asked for, reps by their ids.

    A deal is one action at most. What was muted of a deal's flags does not press.
    """
    ids = group(slice_).shown
    if not ids:
        return []
    wide = of_all(slice_, ids)
    rows = {row["deal_id"]: row for row in known.scored(wide).values(*FIELDS)}
    found = ranked(map(_open, rows.values()), sums.median_won(slice_), most)
    chosen = [one.deal.opportunity_id for one in found]
    parts = roles(chosen)
    hours = {rep: best_hours(calls) for rep, calls in daily.answered(wide).items()}
    return [
        Action(
            one,
            row := rows[one.deal.opportunity_id],
            parts.get((one.deal.opportunity_id, row["action_target"]), ""),
            hours.get(one.deal.rep_id),
        )
        for one in found
    ]


def _open(row: Mapping[str, Any]) -> Open:
    return Open(
        opportunity_id=row["deal_id"],
        rep_id=row["owner_id"],
        health=row["health_score"],
        days_since_contact=row["days_since_activity"],
        amount=None if row["value"] is None else float(row["value"]),
        days_until_close=row["days_until_close"],
        flags=len(set(row["risk_flags"]) - set(row["muted"])),
        urgency=row["urgency"],
    )
