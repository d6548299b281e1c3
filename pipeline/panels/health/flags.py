"""The flags of a deal with why each is raised, who muted it, and the form that does so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pipeline.panels.health.deal import Flagged, Judged, Muted, of_deal
from pipeline.panels.health.urgent import DOING, LEVELS
from pipeline.panels.known import DEAL_LINK, FLAGS_LINK
from pipeline.queries import categories
from pipeline.queries.risks import LONGEST_REASON
from revops_site.kernel import formats

PARTS: Mapping[str, str] = {"deal-flags": "pipeline/_deal_flags.html"}


def page(deal_id: str, by: Any, said: Mapping[str, str]) -> dict[str, Any] | None:
    """The flags of a deal; None where it is not this reader's to see.

    ``said`` is what was sent and could not be done: flag, reason, until and error.
    """
    deal = categories.deal(deal_id, by)
    if deal is None:
        return None
    drawn_ = drawn(deal_id, of_deal(deal_id), may=categories.may_set(by, deal), said=said)
    way = DEAL_LINK.format(deal_id=quote(deal_id, safe=""))
    return {"title": f"Flags of {deal}", "deal_url": way, "name": str(deal), "flags": drawn_}


def drawn(
    deal_id: str, found: Judged | None, *, may: bool, said: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What ``_deal_flags.html`` prints; ``may`` says whether the reader may mute flags."""
    said = said or {}
    flags = [_flag(one, said) for one in found.flags] if found else []
    is_told = any(one["error"] for one in flags)
    return {
        "url": FLAGS_LINK.format(deal_id=quote(deal_id, safe="")),
        "scored": found is not None,
        "may": may and found is not None,
        "longest": LONGEST_REASON,
        "first": found.as_of.isoformat() if found else "",
        "action": _action(found) if found else None,
        "flags": flags,
        "error": "" if is_told else said.get("error", ""),
    }


def _action(found: Judged) -> dict[str, str]:
    with_ = f" {found.action_target}" if found.action_target else ""
    return {
        "what": f"{DOING[found.primary_action]}{with_}",
        "why": found.action_reason,
        "urgency": LEVELS[found.urgency],
        "tone": {"CRITICAL": "bad", "HIGH": "warn"}.get(found.urgency, ""),
        "slip_risk": LEVELS[found.slip_risk].lower(),
    }


def _flag(one: Flagged, said: Mapping[str, str]) -> dict[str, Any]:
    own = said if said.get("flag") == one.name else {}
    return {
        "id": f"flag-{one.name.lower().replace('_', '-')}",
        "name": one.name,
        "label": one.label,
        "why": one.why,
        "muted": _muted(one.muted) if one.muted else None,
        "seen": one.muted.key if one.muted else "",
        "reason": own.get("reason", ""),
        "until": own.get("until", ""),
        "error": own.get("error", ""),
    }


def _muted(one: Muted) -> dict[str, str]:
    until = f"until {formats.show(one.until, 'date')}" if one.until else "until it is gone"
    on = formats.show(one.on, "date")
    return {"told": f"Muted {until} by {one.who} on {on}", "why": one.why}
