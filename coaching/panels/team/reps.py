"""Reps by rank, with what each won of the quota, how often, how fast, and does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from coaching import metrics
from coaching.analytics.attainment import NEEDS, RISK, TOP, TRACK
from coaching.charts import team as charts
from coaching.panels import figures
from coaching.panels.team.known import KNOWN, NOTHING, REP_LINK, notes, reps
from coaching.queries.people import Group, group, shows_ranks
from pipeline import metrics as deal_metrics
from pipeline.panels.known import FEW
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown

TIERS = {TOP: "good", TRACK: "good", NEEDS: "warn", RISK: "bad"}
NO_TEAM = {"": "No team"}
REP = Shown("name", "Rep", link=REP_LINK)
RANK = Shown("overall_rank", "Rank", "integer", metric=metrics.RANK)
ATTAINED = Shown("ytd_attainment", "Attainment", "percent", metric=metrics.ATTAINMENT)
TIER = Shown("performance_tier", "Tier", tone=TIERS, help=metrics.ATTAINMENT.edge)
WON = Shown("win_rate", "Win rate", "percent", metric=deal_metrics.WIN_RATE)
FAIR = Shown("win_rate_shrunk", "Fair", "percent", metric=metrics.SHRUNK)
LOW = Shown("win_rate_low", "95% from", "percent", help=deal_metrics.WIN_RATE.edge)
HIGH = Shown("win_rate_high", "to", "percent")
ID = Shown("rep_id", "Id")
MOVED = Shown("attainment_change_qoq", "vs last qtr", "percentDelta")
DECIDED = Shown("decided", "n", "integer", help="Won and lost deals of the period.")


def narrows(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The filters that leave the row's rep alone."""
    return {"owner": (row["rep_id"],)}


def with_rates(slice_: Slice) -> pd.DataFrame:
    """The reps who decided deals in the period, the best fair win rate first."""
    found = _named(slice_, figures.rates)
    found = found[found["decided"].fillna(0) > 0]
    return found.sort_values(["win_rate_rank", "name"], na_position="last", ignore_index=True)


def with_attainment(slice_: Slice) -> pd.DataFrame:
    """The reps by rank; none where nobody has a quota."""
    found = _named(slice_, figures.standing)
    known = found if found["ytd_attainment"].notna().any() else found.iloc[:0]
    return known.sort_values(["overall_rank", "name"], na_position="last", ignore_index=True)


def _named(slice_: Slice, of: Callable[[Slice, Group], pd.DataFrame]) -> pd.DataFrame:
    """What is measured of those who are shown, each with the name."""
    found = group(slice_)
    rows = of(slice_, found).loc[[*found.shown]].rename_axis("rep_id").reset_index()
    names = {one.rep_id: one.name for one in found.people}
    rows = rows.assign(name=pd.Series([names[rep] for rep in rows["rep_id"]], dtype="str"))
    if "low_sample" in rows:
        rows = rows.assign(few=["few" if low else "" for low in rows["low_sample"]])
    return rows


def standings(slice_: Slice) -> pd.DataFrame:
    """Where each rep of the team stands, without figures; the reader alone where that is set."""
    found = group(slice_)
    whole = figures.standing(slice_, found) if found.ids else pd.DataFrame()
    shown = found.ids if shows_ranks() else found.shown
    rows = [
        (one.rep_id if one.rep_id in found.seen else "", one.name, *whole.loc[one.rep_id, PLACE])
        for one in found.people
        if one.rep_id in shown
    ]
    named = pd.DataFrame(rows, columns=["rep_id", "name", *PLACE])
    ranked = named[named["overall_rank"].notna()]
    return ranked.sort_values(["overall_rank", "name"], ignore_index=True)


PLACE = ["overall_rank", "rank_change_qoq"]
REPS = Panel(
    slug="coaching-reps",
    title="Who stands where?",
    question="Attainment, pace and rank of the fiscal year; win rate, deal size and cycle of the "
    "period; activities of 30 days.",
    frame=reps,
    columns=(
        REP,
        RANK,
        Shown("rank_change_qoq", "Gained", "integer", metric=metrics.RANK_CHANGE),
        ATTAINED,
        Shown("pace", "Pace", "percent", metric=metrics.PACE),
        TIER,
        WON,
        FAIR,
        Shown("sure", "95 %, n", help=deal_metrics.WIN_RATE.edge),
        Shown("avg_deal_size", "Deal size", "money", metric=deal_metrics.DEAL_SIZE),
        Shown("avg_sales_cycle_days", "Cycle", "days", metric=deal_metrics.CYCLE),
        Shown("coverage_ratio", "Coverage", "ratio", metric=metrics.COVERAGE),
        Shown("avg_daily_activities", "A day", "decimal1", metric=metrics.DAILY),
        Shown("team", "Team", drill="team", words=NO_TEAM),
        *(replace(one, filed=True) for one in (ID, MOVED, LOW, HIGH, DECIDED, FEW)),
    ),
    dimensions=KNOWN,
    width="col-12",
    sort="overall_rank",
    most=50,
    note=notes,
    narrows=narrows,
    nothing=NOTHING,
    contract="/coaching/team/performance.json",
)
ATTAINMENT = Panel(
    slug="coaching-attainment",
    title="Who makes the quota?",
    question="Won this fiscal year, of the quota of the days so far.",
    frame=with_attainment,
    figure=charts.attainment,
    columns=(REP, RANK, ATTAINED, TIER),
    dimensions=("team", "owner"),
    narrows=narrows,
    nothing="No quota to date is known.",
)
WIN_RATES = Panel(
    slug="coaching-win-rates",
    title="Who wins more often, and how sure is that?",
    question="Won of all decided deals in the period; the band holds the true rate in 95 of 100.",
    frame=with_rates,
    figure=charts.win_rates,
    columns=(
        REP,
        Shown("win_rate_rank", "Place", "integer", help=metrics.SHRUNK.meaning),
        FAIR,
        WON,
        LOW,
        HIGH,
        DECIDED,
        FEW,
    ),
    dimensions=KNOWN,
    narrows=narrows,
    nothing="Nothing was won or lost in the period.",
)
STANDINGS = Panel(
    slug="coaching-standings",
    title="Where does everybody stand?",
    question="The team by attainment of the fiscal year: places alone, no figures.",
    frame=standings,
    columns=(
        Shown("name", "Rep", link=REP_LINK),
        Shown("overall_rank", "Rank", "integer", help=metrics.RANK.meaning),
        Shown("rank_change_qoq", "Gained", "integer", help=metrics.RANK_CHANGE.meaning),
    ),
    dimensions=("team", "owner"),
    nothing="No quota to date is known, so nobody is ranked.",
)
