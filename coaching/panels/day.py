"""A rep's day: the figures, what is to be done today, what is to be approved, and the own deals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from coaching.panels import actions, ledgers, mails
from coaching.panels import rep as of_rep
from coaching.panels.meetings import page as talks
from coaching.panels.meetings import promised
from coaching.panels.rep.headline import coverage
from coaching.panels.team import choices, headline
from coaching.panels.team.known import DATASETS
from coaching.queries.people import group, person
from pipeline import metrics as deal_metrics
from pipeline.panels import tasks as of_tasks
from pipeline.panels.deal import address
from pipeline.panels.health import known
from pipeline.panels.health.urgent import STUCK_VIEW
from pipeline.panels.known import DEAL_LINK, OPEN
from pipeline.queries import planned, tasks
from revops_site.kernel import formats, freshness
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import measure
from revops_site.kernel.models import User
from revops_site.kernel.pages import Visit
from revops_site.kernel.panels import TILE_COLUMNS, Page, Panel, Shown, Tile, tile_frame
from revops_site.kernel.permissions import allowed
from revops_site.kernel.queries import workspace

URL = "/coaching/day/"
DEALS = "my-deals"
FIRST = 3  # next best actions; all of them are a page of their own
KNOWN = tuple(name for name in OPEN if name not in {"team", "owner"})


def tiles(slice_: Slice) -> Sequence[Tile]:
    """Attainment, pace, the gap and what is open to close it, and activities a day."""
    if not group(slice_).shown:
        return []
    quarter = ledgers.quarter(slice_)
    return [
        headline.attainment(ledgers.year(slice_)),
        headline.pace(quarter),
        gap(slice_),
        coverage(slice_),
        headline.daily(slice_),
    ]


def gap(slice_: Slice) -> Tile:
    """What is still to be won in the quarter."""
    found = ledgers.cover(slice_)
    quota, won = found["whole_quota"], found["quarter_won"]
    note = "No quota is known."
    if quota == quota:
        note = f"Of a quota of {formats.show(quota, 'amount_auto', slice_.currency)}."
    operands = {"quota": quota, "won_amount": won}
    now = measure(deal_metrics.QUOTA_GAP, operands)
    return Tile(deal_metrics.QUOTA_GAP, now, None, None, (), note=note)


FIGURES = Panel(
    slug="day-kpis",
    title="Headline figures",
    question="How far is the quota, and what is there to reach it with?",
    frame=lambda slice_: tile_frame(tiles(slice_)),
    tiles=tiles,
    columns=TILE_COLUMNS,
    dimensions=("team", "owner"),
    width="col-12",
)
MY_DEALS = replace(
    STUCK_VIEW,
    slug=DEALS,
    title="My deals",
    question="All that are open, the most urgent first, then the largest.",
    rows=known.scored,
    columns=(
        Shown("deal_name", "Deal", link=DEAL_LINK, steps=DEALS),
        *(one for one in STUCK_VIEW.columns if one.name not in {"deal_name", "owner_name"}),
    ),
    groups=tuple(one for one in STUCK_VIEW.groups if one != "owner_name"),
    dimensions=KNOWN,
    note=known.notes,
    contract="",
)


def page(user: Any) -> Page | None:
    """The day of a rep; None of somebody who sells nothing."""
    if not user.rep_id:
        return None
    return Page(
        slug="coaching-day",
        title="My day",
        url=URL,
        panels=(FIGURES,),
        listings=(MY_DEALS,),
        datasets=DATASETS,
        dimensions=KNOWN,
        choices=choices,
        default_period="this_quarter",
        always={"owner": (user.rep_id,), "team": ()},
        dated=False,
        compared=False,
    )


def beside(visit: Visit, user: User, token: str) -> Sequence[Mapping[str, Any]]:
    """The way to the own pages; below the figures what is to be done, and mails to approve."""
    back = visit.frame.address()
    listed = actions.section(visit.slice_, visit.asked, user, token, back, first=FIRST, above=False)
    waiting = {
        "template": "coaching/_mails_to_approve.html",
        "width": "col-12",
        **mails.to_approve(user),
    }
    todo = _todo(visit.slice_, user, token)
    return [*_ways(visit, user), *({**one, "after": 1} for one in (todo, listed, waiting))]


def _ways(visit: Visit, user: User) -> Sequence[Mapping[str, Any]]:
    """The tabs of the own pages."""
    whose = person(user.rep_id or "", allowed(user))
    return [of_rep.tabs_of(visit.slice_, whose, "", URL)] if whose else []


def _todo(slice_: Slice, user: User, token: str) -> Mapping[str, Any]:
    """What ``_do_today.html`` prints: commitments and tasks that are due, and what is planned."""
    today = freshness.stamp(workspace())
    found = [one for one in tasks.mine(user)[: tasks.MOST] if _is_due(one, today)]
    names = tasks.names(found)
    meetings = [
        {
            "kind": one.kind,
            "subject": one.subject,
            "name": one.deal_name,
            "url": address(one.deal_id) if one.deal_name else "",
        }
        for one in planned.of_day(slice_)
    ]
    talk = talks.current(user, user.rep_id or "")
    due = promised.due(user)
    return {
        "template": "coaching/_do_today.html",
        "promised": due,
        "tasks": [of_tasks.task(one, today, names) for one in found],
        "meetings": meetings,
        "talk": {"url": talks.address(user.rep_id or ""), "with": str(talk.manager or "")}
        if talk
        else None,
        "count": len(due) + len(found) + len(meetings) + bool(talk),
        "day": formats.show(slice_.as_of, "date"),
        "token": token,
        "next": URL,
    }


def _is_due(task: Any, today: date) -> bool:
    day = task.remind_on or task.due_date
    return any(one is not None and one <= today for one in (day, task.due_date))
