"""A deal's next step with its form, and what two people have said of it at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pipeline.panels.deal import words
from pipeline.queries.deal import steps
from pipeline.queries.deal.found import Told
from pipeline.queries.deal.steps import Step

MOST_PLANNED = 5


def drawn(
    deal: Any, told: Told, today: date, said: Mapping[str, Any], *, may: bool
) -> Mapping[str, Any]:
    """What ``_deal_next.html`` prints of a deal with its rows.

    ``may`` says whether the reader may write on it, ``said`` what was sent and could not be kept.
    """
    found = steps.read(told)
    set_ = found.by_hand
    ahead = [one for one in found.planned if one.due and one.due >= today]
    late = [one for one in found.planned if not one.due or one.due < today]
    planned = [*ahead, *late][:MOST_PLANNED]
    shown = set_ or next(iter(ahead), None) or _of_file(deal, today)
    typed = {name: said[name] for name in ("kind", "text", "due") if name in said}
    now = {"kind": set_.type, "text": set_.text, "due": set_.due} if set_ else {"kind": "task"}
    error = said.get("error", "")
    return {
        "step": _step(shown, today) if shown else None,
        "is_by_hand": set_ is not None,
        "planned": [_step(one, today) for one in planned if one is not shown],
        "may": may and deal.status == "open",
        "is_open": deal.status == "open",
        "opens": bool(error),
        "error": error,
        "conflict": _conflict(deal.pk, said, found) if said.get("is_conflict") else None,
        "form": {"text": "", "due": "", **now, **typed},
        "types": [{"value": value, "label": label} for value, label in steps.TYPES.items()],
        "longest": steps.LONGEST,
        "token": found.token,
    }


def _of_file(deal: Any, today: date) -> Step | None:
    """What a file says of a deal without a planned activity: a day alone."""
    day = deal.next_activity_at
    if deal.status != "open" or day is None or day < today:
        return None
    return Step("", "An activity, of which no more is known", day)


def _step(one: Step, today: date) -> Mapping[str, Any]:
    return {
        "type": steps.TYPES.get(one.type, one.type),
        "text": one.text,
        **words.day(one.due),
        "apart": words.apart(today, one.due) if one.due else "",
        "late": one.due is not None and one.due < today,
        "who": one.by,
        "since": words.moment(one.at) if one.at else None,
    }


def _conflict(deal_id: str, said: Mapping[str, Any], found: steps.Steps) -> Mapping[str, str]:
    """What the reader saw, what is there now and who put it there, what the reader wrote."""
    before = steps.step(steps.seen(said.get("seen", ""), deal_id))
    last = steps.newest(deal_id)
    who = str(
        (last.ended_by if last and last.ended_at else last.by if last else None) or "Somebody"
    )
    return {
        "saw": _line(before),
        "now": _line(found.by_hand),
        "who": who,
        "mine": f"{said.get('text', '')}, {said.get('due', '')}",
    }


def _line(one: Step | None) -> str:
    if one is None:
        return "no step set by hand"
    return f"{one.text}, {words.day(one.due)['at']}"
