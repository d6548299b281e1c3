"""In what a rep differs from top performers and the team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from coaching import metrics
from coaching.analytics.drivers import DRIVERS, TOO_FEW, Compared, compared
from coaching.analytics.evidence import Sample
from coaching.charts import rep as charts
from coaching.panels import figures
from coaching.panels.rep.known import KNOWN, beside, called, nothing, top
from coaching.queries.people import Person, company, of_all, team_of
from pipeline import metrics as deal_metrics
from pipeline.queries import habits
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown
from revops_site.kernel.queries import shared

OF_HABITS = {
    "avg_deal_size": "deal_size",
    "avg_sales_cycle_days": "cycle",
    "stakeholders": "contacts",
    "discount": "discount",
}
COLUMNS = (
    *("metric_name", "metric_label", "rep_text", "top_text", "team_text", "verdict"),
    *("gap_impact", "n", "rep_value", "top_performer_value", "team_avg_value", "gap_to_top"),
    *("gap_pct", "rep_bar_pct", "top_bar_pct", "team_bar_pct"),
)
DRIVER, AHEAD, LIKE = "Driver", "Strength", "No clear gap"
# By the measure's label; of what the others are sums no ledger is kept.
EXPLAINED = {
    "Win rate": deal_metrics.WIN_RATE,
    "Deal size": deal_metrics.DEAL_SIZE,
    "Sales cycle": deal_metrics.CYCLE,
    "Activities a day": metrics.DAILY,
}
TONES = {DRIVER: "warn", AHEAD: "good", LIKE: "muted"}


@shared
def samples(slice_: Slice, rep_id: str) -> Mapping[str, Mapping[str, Sample]]:
    """By driver and rep the sums of a rep, the team and the top performers."""
    group = team_of(slice_, rep_id)
    best = top(slice_, group)
    ids = tuple(sorted({*group.ids, *best}))
    rows = habits.habits(of_all(slice_, ids)).set_index("owner_id").to_dict("index")
    everyone = company(slice_) if set(best) - set(group.ids) else group
    days = figures.activity(slice_, everyone, figures.last_days(slice_)).to_dict("index")
    found: dict[str, dict[str, Sample]] = {one.name: {} for one in DRIVERS}
    for rep in ids:
        row = rows.get(rep, {})
        decided, won = float(row.get("decided", 0)), float(row.get("won", 0))
        found["win_rate"][rep] = Sample(decided, won, won)
        for name, column in OF_HABITS.items():
            parts = (float(row.get(f"{column}_{part}", 0)) for part in ("n", "sum", "squares"))
            found[name][rep] = Sample(*parts)
        day = days.get(rep, {"working_days": 0.0, "done": 0.0, "squares": 0.0})
        found["activities"][rep] = Sample(
            float(day["working_days"]), float(day["done"]), float(day["squares"])
        )
    return found


@shared
def comparisons(slice_: Slice, whose: Person) -> Sequence[Compared]:
    """A rep by each driver; none where nothing was decided or done."""
    rep = whose.rep_id
    group = team_of(slice_, rep)
    if not group.shown:
        return []
    found = samples(slice_, rep)
    if not any(one[rep].n for one in found.values()):
        return []
    best, team = top(slice_, group), beside(slice_, whose)
    return compared(
        {name: one[rep] for name, one in found.items()},
        {name: [one[other] for other in best] for name, one in found.items()},
        {name: [one[other] for other in team] for name, one in found.items()},
        slice_.currency,
        is_top=rep in best,
    )


def frame(slice_: Slice, whose: Person) -> pd.DataFrame:
    """One row a driver, as texts and as numbers."""
    rows = [_row(one, slice_.currency) for one in comparisons(slice_, whose)]
    return pd.DataFrame(rows, columns=[*COLUMNS]) if rows else nothing(COLUMNS)


def contract(slice_: Slice, whose: Person) -> list[dict[str, Any]]:
    """RepDriverComparison, a row for each driver."""
    return [
        {
            "rep_id": whose.rep_id,
            "metric_name": one.driver.name,
            "metric_label": one.driver.label,
            "rep_value": one.rep_value,
            "top_performer_value": one.top_performer_value,
            "team_avg_value": one.team_avg_value,
            "format_type": one.driver.format_type,
            "good_direction": one.driver.good,
            "gap_to_top": one.gap_to_top,
            "gap_pct": one.gap_pct,
            "gap_impact": one.gap_impact,
            "bar_max": one.bar_max,
            "rep_bar_pct": one.rep_bar_pct,
            "top_bar_pct": one.top_bar_pct,
        }
        for one in comparisons(slice_, whose)
    ]


def notes(slice_: Slice, whose: Person) -> Sequence[str]:
    """Who the top performers are, and who stands beside whom."""
    best = top(slice_, team_of(slice_, whose.rep_id))
    said = [*_findings(comparisons(slice_, whose))] if best != (whose.rep_id,) else []
    if best == (whose.rep_id,):
        said.append("Top performers are this rep alone now.")
    elif best:
        count = f"{len(best):,} {'rep' if len(best) == 1 else 'reps'}"
        said.append(f"Top performers: {count} of the company. {called(whose)} stands beside them.")
    elif figures.top(slice_):
        said.append("Top performers are one rep now: one’s figures are not told to others.")
    else:
        said.append("No quota to date is known, so nobody is a top performer.")
    if not beside(slice_, whose):
        said.append("The team is two reps: its rates would give the other one’s figures away.")
    return said


def _findings(found: Sequence[Compared]) -> Sequence[str]:
    """In what the rep is behind and ahead by more than chance would make of it."""
    behind = [
        one.driver.label.lower() + ("" if one.gap_impact == TOO_FEW else f" ({one.gap_impact})")
        for one in found
        if _verdict(one) == DRIVER
    ]
    ahead = [one.driver.label.lower() for one in found if _verdict(one) == AHEAD]
    said = []
    if behind:
        said.append(f"What top performers do otherwise: {', '.join(behind)}.")
    if ahead:
        said.append(f"Ahead of top performers in {', '.join(ahead)}.")
    if found and not said:
        said.append("Nothing differs from top performers by more than chance would make of it.")
    return said if any(one.gap_to_top is not None for one in found) else ()


def _row(one: Compared, currency: str) -> dict[str, Any]:
    plain = asdict(one)
    show = one.driver.show

    def text(value: float | None) -> str:
        return formats.screen(formats.show(value, show, currency))

    largest, team = one.bar_max, one.team_avg_value
    return {
        **{name: plain[name] for name in COLUMNS if name in plain},
        "metric_name": one.driver.name,
        "metric_label": one.driver.label,
        "rep_text": text(one.rep_value),
        "top_text": text(one.top_performer_value),
        "team_text": text(one.team_avg_value),
        "verdict": _verdict(one),
        "team_bar_pct": None if team is None or not largest else 100 * team / largest,
    }


def _verdict(one: Compared) -> str:
    if one.gap_to_top is None:
        return ""
    if not one.is_driver:
        return LIKE
    return DRIVER if one.gap_to_top > 0 else AHEAD


PANEL = Panel(
    slug="rep-drivers",
    title="What do top performers do otherwise?",
    question="Decided deals of the period, activities of 30 days; bars are of the largest.",
    frame=lambda _: nothing(COLUMNS),
    figure=charts.drivers,
    columns=(
        Shown("metric_label", "Measure"),
        Shown("rep_text", "Rep", metric=EXPLAINED),
        Shown("top_text", "Top performers"),
        Shown("team_text", "Team"),
        Shown("verdict", "Finding", tone=TONES, help=metrics.GAP.edge),
        Shown("gap_impact", "Closing the gap", help=metrics.GAP.meaning),
        Shown("n", "n", "integer", help="The rep's cases: deals, or working days."),
        Shown("gap_pct", "Behind", "percent", help="The gap, of what top performers have."),
        Shown("metric_name", "Name", filed=True),
        Shown("rep_value", "Rep, exact", "decimal", filed=True),
        Shown("top_performer_value", "Top performers, exact", "decimal", filed=True),
        Shown("team_avg_value", "Team, exact", "decimal", filed=True),
        Shown("gap_to_top", "Gap, exact", "decimal", filed=True),
    ),
    dimensions=KNOWN,
    width="col-12",
    height="tall",
    narrows=lambda row: {},
    nothing="Nothing was decided in the period, and nothing done in 30 days.",
)
