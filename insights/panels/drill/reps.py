"""One rep: what is open, won and done, what is left to the quota, and every deal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from coaching.panels import rep as of_rep
from insights.panels.drill.places import address, facts_part, slug
from insights.panels.overview import figures
from insights.queries import drill
from insights.queries.drill import Seller
from pipeline import metrics, queries
from pipeline import panels as pipeline
from pipeline.analytics import win_rate_range
from pipeline.panels.flow import FLOW
from pipeline.panels.groups import STAGES
from pipeline.panels.known import OPEN, left_out_of_open
from pipeline.panels.listed import DEALS
from pipeline.panels.stuck import STUCK
from revops_site.kernel import formats
from revops_site.kernel.filters import Allowed, Slice
from revops_site.kernel.metrics import change, measure
from revops_site.kernel.pages import Visit
from revops_site.kernel.panels import TILE_COLUMNS, Page, Panel, Tile, tile_frame

KNOWN = tuple(name for name in OPEN if name not in {"team", "owner"})


def tiles(slice_: Slice, team: str) -> Sequence[Tile]:
    """What the rep has open, wins and did; the win rate beside the ``team``'s, "" for nobody's."""
    today = _newest(slice_)
    return [
        figures.attainment(today),
        replace(figures.gap(today), narrows={"period": "this_quarter"}),
        figures.pipeline(slice_),
        win_rate(slice_, team),
        figures.activities(slice_),
        figures.past_due(slice_),
    ]


def win_rate(slice_: Slice, team: str) -> Tile:
    """The share of decided deals that the rep won in the period, with how sure that is."""
    sums = queries.totals(slice_)
    previous = slice_.previous()
    now = measure(metrics.WIN_RATE, sums)
    before = measure(metrics.WIN_RATE, queries.totals(previous)).value if previous else None
    low, high = win_rate_range(sums)
    return Tile(
        metric=metrics.WIN_RATE,
        now=now,
        before=before,
        change=change(metrics.WIN_RATE, now.value, before),
        weeks=(),
        low=low,
        high=high,
        n=int(sums["won"] + sums["lost"]),
        note=_of_team(slice_, team),
    )


def _of_team(slice_: Slice, team: str) -> str:
    if not team:
        return ""
    sums = queries.totals(replace(slice_, owner=(), team=(team,)))
    rate = measure(metrics.WIN_RATE, sums).value
    n = int(sums["won"] + sums["lost"])
    return f"Team {team}: {formats.show(rate, 'percent')}, n {n:,}."


def _newest(slice_: Slice) -> Slice:
    """Quotas are of quarters and years, whatever the page's period."""
    return replace(slice_, period=None, compare=None)


def _headline(team: str) -> Panel:
    def found(slice_: Slice) -> Sequence[Tile]:
        return tiles(slice_, team)

    return Panel(
        slug="rep-kpis",
        title="Headline figures",
        question="What is open, won and done, and what is left to the quota?",
        frame=lambda slice_: tile_frame(found(slice_)),
        tiles=found,
        columns=TILE_COLUMNS,
        dimensions=KNOWN,
        width="col-12",
        note=left_out_of_open,
        about=team,
    )


def page(rep_id: str, allowed: Allowed) -> Page | None:
    """The page of a rep; None where there is none, or the reader may not see this one's deals."""
    rep = drill.seller(rep_id, allowed)
    if rep is None:
        return None
    return Page(
        slug=slug("rep", rep.rep_id),
        title=rep.name,
        url=address("reps", rep.rep_id),
        panels=(_headline(_team_seen(rep, allowed)), STAGES, FLOW, STUCK),
        listings=(DEALS,),
        datasets=pipeline.PAGE.datasets,
        dimensions=KNOWN,
        choices=queries.choices,
        default_period=pipeline.PAGE.default_period,
        limits=pipeline.PAGE.limits,
        always={"owner": (rep.rep_id,), "team": ()},
    )


def beside(visit: Visit, rep_id: str, allowed: Allowed) -> Sequence[Mapping[str, Any]]:
    """The way to the rep's figures, and who the rep is."""
    whose = of_rep.person(rep_id, allowed)
    tabs = [of_rep.tabs(visit, whose)] if whose else []
    return [*tabs, *facts(rep_id, allowed)]


def facts(rep_id: str, allowed: Allowed) -> Sequence[Mapping[str, Any]]:
    """Who the rep is."""
    rep = drill.seller(rep_id, allowed)
    if rep is None:
        return []
    since = formats.show(rep.start_date, "date") if rep.start_date else ""
    lines = (
        ("Team", rep.team, ""),
        ("Region", rep.region, ""),
        ("Since", since, ""),
        ("State", "" if rep.is_active else "No longer active", ""),
    )
    return [facts_part(lines)] if any(text for _, text, _ in lines) else []


def _team_seen(rep: Seller, allowed: Allowed) -> str:
    """The rep's team, where the reader may see all of its deals."""
    seen = allowed.reps is None or set(rep.mates) <= set(allowed.reps)
    return rep.team if seen and len(rep.mates) > 1 else ""
