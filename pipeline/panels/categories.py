"""A deal's forecast category with the form that sets it by hand, alone or in the quarter's list."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pipeline.panels.known import CATEGORY_LINK
from pipeline.queries import categories
from revops_site.kernel import formats
from revops_site.kernel.queries import workspace

BY_CHANCE = "By its chance"


def page(deal_id: str, by: Any, said: Mapping[str, str]) -> dict[str, Any] | None:
    """A deal's category and how it came to be; None where it is not this reader's to see.

    ``said`` is what was sent and could not be done: ``category``, ``reason`` and ``error``.
    """
    deal = categories.deal(deal_id, by)
    if deal is None:
        return None
    set_ = categories.standing([deal_id]).get(deal_id)
    return {
        "title": f"Forecast category of {deal}",
        "deal": drawn(deal, set_, categories.may_set(by, deal), said),
        "events": [event(one) for one in categories.history(deal_id)],
    }


def drawn(
    deal: Any, set_: Any, may_set: bool, said: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What ``_category.html`` prints of a deal; ``set_`` is what is set of it by hand.

    ``may_set`` says whether the reader may change it.
    """
    said = said or {}
    chosen = said.get("category") or (deal.forecast_category if set_ else "")
    is_open = deal.status == "open"
    return {
        "id": slug(deal.pk),
        "url": address(deal.pk),
        "name": str(deal),
        "account": deal.account_name if deal.account_name != str(deal) else "",
        "owner": str(deal.owner) if deal.owner_id else "Nobody",
        "stage": deal.stage_name,
        "amount": formats.screen(formats.show(deal.amount, "money", deal.currency)),
        "close": formats.show(deal.close_date, "date"),
        "category": deal.forecast_category or BY_CHANCE,
        "file_category": deal.file_category or "nothing",
        "by_hand": _set(set_) if set_ else None,
        "may": is_open and may_set,
        "is_open": is_open,
        "options": [
            {"value": one, "chosen": one == (chosen or deal.forecast_category)}
            for one in categories.CATEGORIES
        ],
        "is_chosen": (chosen or deal.forecast_category) in categories.CATEGORIES,
        "reason": said.get("reason", ""),
        "longest": categories.LONGEST_REASON,
        "error": said.get("error", ""),
        "seen": categories.seen(deal.pk, deal.forecast_category, set_),
    }


def slug(deal_id: str) -> str:
    """The id of a deal's part of a page, whatever its own id is written like."""
    return f"category-{hashlib.blake2s(deal_id.encode(), digest_size=8).hexdigest()}"


def address(deal_id: str) -> str:
    """Where a deal's category is shown and set."""
    return CATEGORY_LINK.format(deal_id=quote(deal_id, safe=""))


def parts(deal_id: str) -> Mapping[str, str]:
    """The template of the deal's own part, by its id."""
    return {slug(deal_id): "pipeline/_category.html"}


def _set(set_: Any) -> Mapping[str, str]:
    return {"who": str(set_.by or "Somebody who is gone"), **_moment(set_.at), "why": set_.reason}


def event(one: categories.Event) -> Mapping[str, Any]:
    """What became of a category in a sentence, why, and when."""
    if not one.by_hand:
        told = f"{one.who} changed it from {one.old or 'nothing'} to {one.new or 'nothing'}"
    elif one.new:
        told = f"{one.who} set it to {one.new} by hand"
    else:
        told = f"{one.who} took {one.old} back"
    return {"told": told, "why": one.said, **_moment(one.at)}


def _moment(at: datetime) -> Mapping[str, str]:
    local = at.astimezone(ZoneInfo(workspace().time_zone))
    return {
        "at": f"{formats.show(local.date(), 'date')}, {local:%H:%M}",
        "iso": at.isoformat(timespec="seconds"),
    }
