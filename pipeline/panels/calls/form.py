"""What stands beside the panels: the form of one's own call, and the deals' categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from pipeline.panels import categories as of_deals
from pipeline.panels import tabs
from pipeline.panels.calls.standing import of_people, this_quarter
from pipeline.panels.forecasts import reckon
from pipeline.queries import categories, standing
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.pages import Visit
from revops_site.kernel.periods import quarter_label, week_of_quarter
from revops_site.kernel.permissions import allowed, may

FIRST, MOST = 20, 300


def beside(
    visit: Visit, *, by: Any, token: str, said: Mapping[str, Any] | None, is_all: bool
) -> Sequence[Mapping[str, Any]]:
    """The tabs, the form above the panels, the deals below them; past days are only read.

    The form is of the quarter that runs, the deals are of the next one too.

    ``said`` is what was sent and could not be kept: commit, best_case, note and errors by field.
    """
    found = list(tabs.beside(visit))
    if visit.fresh.is_empty or not standing.is_now(visit.slice_.as_of):
        return found
    if whose(by) and _is_running(visit.slice_):
        found.append(_form(visit, by, token, said or {}))
    return [*found, _deals(visit, by, token, is_all)]


def _is_running(slice_: Slice) -> bool:
    """Whether it is of the quarter that runs, as it stands: of no other anything can be said."""
    return slice_.as_of in slice_.quarter and standing.is_now(slice_.as_of)


def whose(by: Any) -> tuple[str, str] | None:
    """Whose call somebody makes: a rep's id or a team's name; None of who calls nothing."""
    if not may(by, "call forecast"):
        return None
    if by.role == "rep" and by.rep_id:
        return by.rep_id, ""
    if by.role == "manager" and by.team:
        return "", by.team.name
    return None


def subject(visit: Visit, by: Any) -> Mapping[str, Any] | None:
    """Of what the call is that somebody makes now; None where they make none."""
    mine = whose(by)
    if mine is None or visit.fresh.is_empty or not _is_running(visit.slice_):
        return None
    own = _own(visit.slice_, by)
    return {
        "rep_id": mine[0],
        "team": mine[1],
        "quarter": quarter_label(own.as_of, own.first_month),
        "day": own.as_of,
        "currency": own.currency,
        "forecast": reckon(own).parts.ai_forecast,
    }


def _own(slice_: Slice, by: Any) -> Slice:
    """All that the reader sells, whatever the page is narrowed to."""
    return replace(of_people(slice_), team=(), owner=(), reps=allowed(by).reps)


def _form(visit: Visit, by: Any, token: str, said: Mapping[str, Any]) -> Mapping[str, Any]:
    own = _own(visit.slice_, by)
    rep_id, team = whose(by) or ("", "")
    calls = this_quarter(own)
    mine = calls[(calls["rep_id"] == rep_id) & (calls["team"] == team)].tail(1)
    reckoned = reckon(own)
    facts = [
        ("Forecast", reckoned.parts.ai_forecast),
        ("Won", reckoned.parts.closed_won_amount),
        ("Target", reckoned.target),
    ]
    if team:
        reps = calls[calls["rep_id"] != ""].groupby("rep_id").tail(1)["commit_amount"]
        facts.insert(0, ("Your reps commit", reps.sum(min_count=1)))
    last = None if mine.empty else mine.iloc[0]
    week = week_of_quarter(own.as_of, own.first_month)
    return {
        "template": "pipeline/_call.html",
        "above": True,
        "title": f"What will {'your team' if team else 'you'} bring in "
        f"{quarter_label(own.as_of, own.first_month)}?",
        "week": week,
        "url": visit.frame.address(),
        "token": token,
        "currency": own.currency,
        "facts": [{"name": name, "value": _money(amount, own)} for name, amount in facts],
        "last": None if last is None else _last(last, own, week, visit),
        "fields": [
            _field("commit", "Commit", "What you will bring at least, won deals included.", said),
            _field("best_case", "Best case", "If all goes well. May stay empty.", said),
            _field("note", "Note", "What it hangs on. May stay empty.", said),
        ],
        "error": said.get("errors", {}).get("", ""),
        "is_refused": bool(said),
    }


def _last(last: pd.Series[Any], own: Slice, week: int, visit: Visit) -> Mapping[str, str]:
    at = last["submitted_at"].tz_convert(ZoneInfo(visit.workspace.time_zone))
    return {
        "commit": _money(last["commit_amount"], own),
        "best_case": _money(last["best_case_amount"], own),
        "at": f"{formats.show(at.date(), 'date')}, {at:%H:%M}",
        "iso": at.isoformat(timespec="seconds"),
        "is_of_week": "yes" if last["week"] == week else "",
    }


def _field(name: str, label: str, hint: str, said: Mapping[str, Any]) -> Mapping[str, str]:
    return {
        "name": name,
        "label": label,
        "hint": hint,
        "value": said.get(name, ""),
        "error": said.get("errors", {}).get(name, ""),
    }


def _money(amount: float | None, own: Slice) -> str:
    known = None if amount is None or amount != amount else amount
    return formats.screen(formats.show(known, "money", own.currency))


def _deals(visit: Visit, by: Any, token: str, is_all: bool) -> Mapping[str, Any]:
    found = categories.quarter_deals(visit.slice_)
    most = MOST if is_all else FIRST
    rows, count = list(found[:most]), found.count()
    set_ = categories.standing([deal.pk for deal in rows])
    may_set = may(by, "call forecast")
    address = visit.frame.address()
    more = f"{address}{'&' if '?' in address else '?'}deals=all"
    return {
        "template": "pipeline/_categories.html",
        "token": token,
        "next": address,
        "deals": [of_deals.drawn(deal, set_.get(deal.pk), may_set) for deal in rows],
        "count": f"{count:,}",
        "shown": f"{len(rows):,}",
        "more": more if count > len(rows) and not is_all else "",
        "is_cut": count > len(rows) and is_all,
        "by_hand": len(set_),
    }
