"""Kept scenarios: the list, the one that is open, and what has changed since it was saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.analytics import assumed
from pipeline.panels.whatif.asked import Asked
from pipeline.panels.whatif.figures import values
from pipeline.panels.whatif.scene import Scene
from pipeline.queries import scenarios
from pipeline.queries.scenarios import Kept
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.fragments.frame import Frame, text
from revops_site.kernel.periods import quarter_label

FORECAST = "ai_forecast"


def chosen(kept: Sequence[Kept], scenario: int | None) -> Kept | None:
    """The scenario of this id among those that the reader may open."""
    return next((one for one in kept if one.id == scenario), None)


def opened(one: Kept, slice_: Slice) -> dict[str, Mapping[str, str]]:
    """What it assumes of deals that the reader may see, whatever became of them."""
    return assumed.among(one.assumptions, scenarios.seen(slice_, list(one.assumptions)))


def shown(
    kept: Sequence[Kept],
    is_open: Kept | None,
    one: Scene,
    asked: Asked,
    frame: Frame,
    said: Mapping[str, Any],
) -> dict[str, Any]:
    """What ``_whatif_kept.html`` prints.

    ``said`` is what could not be done: ``error`` (a sentence), ``name`` and ``shared`` as given.
    """
    return {
        "scenarios": [_entry(each, is_open, one, asked, frame) for each in kept],
        "open": _opened(is_open, one, frame) if is_open else None,
        "name": is_open.name if is_open and is_open.is_mine else "",
        "shared": bool(is_open and is_open.is_mine and is_open.is_shared),
        "error": "",
        "filters": frame.asked.to_query(),
        **said,
    }


def _entry(
    each: Kept, is_open: Kept | None, one: Scene, asked: Asked, frame: Frame
) -> dict[str, Any]:
    figures = each.figures.get(FORECAST)
    money = formats.show(figures, "amount_auto", each.currency) if figures is not None else ""
    beside = {**dict(asked.pairs(one.entries)), "with": str(each.id)}
    without = {name: value for name, value in beside.items() if name != "with"}
    is_beside = asked.other == each.id
    return {
        "id": each.id,
        "name": each.name,
        "owner": "" if each.is_mine else each.owner,
        "is_mine": each.is_mine,
        "is_shared": each.is_shared,
        "is_open": is_open is not None and is_open.id == each.id,
        "is_beside": is_beside,
        "beside_url": frame.address(kept=tuple((without if is_beside else beside).items())),
        "says": " · ".join(
            filter(
                None,
                [
                    each.quarter,
                    _deals(len(each.assumptions)) if each.is_mine else "",
                    f"forecast {formats.screen(money)}" if money else "",
                    f"saved {formats.show(each.updated_at, 'date')}",
                ],
            )
        ),
    }


def _deals(count: int) -> str:
    return "1 deal" if count == 1 else f"{count:,} deals"


def _opened(is_open: Kept, one: Scene, frame: Frame) -> dict[str, Any]:
    known = _still_open(opened(is_open, one.slice_), one)
    is_changed = one.entries != known
    return {
        "id": is_open.id,
        "name": is_open.name,
        "owner": "" if is_open.is_mine else is_open.owner,
        "is_mine": is_open.is_mine,
        "is_shared": is_open.is_shared,
        "is_changed": is_changed,
        "moved": "" if is_changed else moved(is_open, values(one), frame),
        "saved_at": is_open.updated_at,
        "since": since(is_open, one),
    }


def _still_open(known: Mapping[str, Any], one: Scene) -> dict[str, Any]:
    return {deal: dict(given) for deal, given in known.items() if deal in one.stand}


def since(is_open: Kept, one: Scene) -> list[str]:
    """What became of its deals after it was saved, and whether its quarter is over."""
    seen = scenarios.seen(one.slice_, list(is_open.assumptions))
    quarter = quarter_label(one.slice_.quarter.start, one.slice_.first_month)
    found = []
    if quarter != is_open.quarter:
        found.append(f"It was made for {is_open.quarter}; it is reckoned for {quarter} here.")
    closed = {deal: told for deal, told in seen.items() if told[0] != "open" and not told[2]}
    names = scenarios.names(list(closed))
    for deal, (status, day, _) in closed.items():
        name = names.get(deal, {}).get("deal_name", deal)
        found.append(f"{name} was {status} on {formats.show(day, 'date')}: it counts as it ended.")
    gone = len(is_open.assumptions) - sum(not told[2] for told in seen.values())
    if gone and is_open.is_mine:
        verb = "is" if gone == 1 else "are"
        found.append(f"{_deals(gone)} {verb} gone, or no longer yours to see.")
    return found


def moved(is_open: Kept, now: Mapping[str, float | None], frame: Frame) -> str:
    """How far its forecast is from what it was when it was saved; "" where nobody can say."""
    was, is_ = is_open.figures.get(FORECAST), now.get(FORECAST)
    if was is None or is_ is None or is_open.currency != frame.slice_.currency:
        return ""
    day = formats.show(is_open.as_of, "date")
    then, since_ = (text(value, "money", frame) for value in (was, is_))
    if then == since_:
        return f"Its forecast is what it was when it was saved, as of {day}: {then}."
    return f"Its forecast was {then} when it was saved, as of {day}; it is {since_} now."
