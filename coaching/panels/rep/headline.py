"""A rep's figures of the year, the quarter and the period, each beside the team's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from coaching import metrics
from coaching.panels import figures, ledgers
from coaching.panels.rep.known import KNOWN, called
from coaching.panels.team import headline as of_team
from coaching.queries.people import Person, team_of
from pipeline import metrics as deal_metrics
from pipeline import queries
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Metric, change, measure
from revops_site.kernel.panels import TILE_COLUMNS, Panel, Tile, tile_frame
from revops_site.kernel.queries import shared


@shared
def tiles(slice_: Slice, whose: Person) -> Sequence[Tile]:
    """Rank, attainment, pace, coverage, win rate, deal size, cycle and activities a day."""
    slice_ = replace(slice_, team=(whose.team,)) if whose.team else slice_
    if not team_of(slice_, whose.rep_id).shown:
        return []
    year, quarter = ledgers.year(slice_), ledgers.quarter(slice_)
    team = figures.rates(slice_, team_of(slice_, whose.rep_id))
    said = _of_team(slice_, whose, _row(team, whose))
    made = [
        replace(of_team.attainment(year), note=_called(slice_, whose)),
        of_team.pace(quarter),
        coverage(slice_),
        of_team.win_rate(slice_, said["win_rate"]),
        _beside(deal_metrics.DEAL_SIZE, slice_, said["avg_deal_size"]),
        _beside(deal_metrics.CYCLE, slice_, said["avg_sales_cycle_days"]),
        of_team.daily(slice_),
        rank(slice_, whose),
    ]
    narrowed = {"team": (whose.team,)} if whose.team else {}
    return [replace(one, narrows=narrowed) for one in made]


def rank(slice_: Slice, whose: Person) -> Tile:
    """The rep's place in the team, beside that at the last quarter's close."""
    group = team_of(slice_, whose.rep_id)
    row = _row(figures.standing(slice_, group), whose)
    now, gained = float(row["overall_rank"]), float(row["rank_change_qoq"])
    known = {"overall_rank": now, "rank_before": now + gained}
    found = measure(metrics.RANK, known)
    if found.value is None:
        return Tile(metrics.RANK, found, None, None, (), note="Without a quota there is none.")
    moved = ""
    if gained == gained and gained:
        moved = f", {formats.show(abs(gained), 'integer')} {'up' if gained > 0 else 'down'}"
        moved += " since the last quarter closed"
    of = int(row["total_reps"])
    note = f"Of {of:,} in {called(whose)[:1].lower()}{called(whose)[1:]}{moved}."
    return Tile(metrics.RANK, found, None, None, (), note=note)


def coverage(slice_: Slice) -> Tile:
    """What is open in the quarter, of what is still to be won."""
    found = ledgers.cover(slice_)
    now, left = measure(metrics.COVERAGE, found), found["left_to_win"]
    note = "The quota is met." if found["whole_quota"] > 0 else "No quota is known."
    if left > 0:
        note = f"{formats.show(left, 'amount_auto', slice_.currency)} still to be won."
    return Tile(metrics.COVERAGE, now, None, None, (), note=note)


def _called(slice_: Slice, whose: Person) -> str:
    """The tier, and of which days it is."""
    row = _row(figures.standing(slice_, team_of(slice_, whose.rep_id)), whose)
    tier = row["performance_tier"]
    known = row["ytd_attainment"] == row["ytd_attainment"]
    return f"{tier}, this fiscal year to date." if tier else "Not judged yet." if known else ""


def _beside(metric: Metric, slice_: Slice, note: str) -> Tile:
    previous = slice_.previous()
    now = measure(metric, ledgers.decided(slice_))
    before = measure(metric, queries.totals(previous)).value if previous else None
    return Tile(metric, now, before, change(metric, now.value, before), (), note=note)


def _row(found: pd.DataFrame, whose: Person) -> Mapping[Any, Any]:
    """The rep's own row."""
    own: Mapping[Any, Any] = found.loc[whose.rep_id].to_dict()
    return own


def _of_team(slice_: Slice, whose: Person, row: Mapping[str, Any]) -> dict[str, str]:
    """What the team's rates are, in a sentence each; "" where they are not told."""
    told = {
        "win_rate": ("team_avg_win_rate", "percent"),
        "avg_deal_size": ("team_avg_deal_size", "amount_auto"),
        "avg_sales_cycle_days": ("team_avg_cycle", "days"),
    }
    found = {}
    for name, (of, show) in told.items():
        value = row[of]
        text = formats.show(value, show, slice_.currency)
        found[name] = f"{called(whose)}: {text}." if value == value else ""
    return found


def panel(whose: Person, contract: str) -> Panel:
    """The row of figures of one rep."""

    def found(slice_: Slice) -> Sequence[Tile]:
        return tiles(slice_, whose)

    return Panel(
        slug="rep-coaching-kpis",
        title="Headline figures",
        question="How far is the quota, how often and how fast is won, and what is done?",
        frame=lambda slice_: tile_frame(found(slice_)),
        tiles=found,
        columns=TILE_COLUMNS,
        dimensions=KNOWN,
        width="col-12",
        about=whose.rep_id,
        contract=contract,
    )
