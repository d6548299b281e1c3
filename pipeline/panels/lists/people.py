"""What each owner has open and lets wait, what happened lately, and how well deals are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd

from pipeline import metrics
from pipeline.analytics import hygiene as told
from pipeline.charts import lists as charts
from pipeline.panels.known import OPEN, before_history
from pipeline.panels.lists.shared import deals, headline, listing, page
from pipeline.queries import held, hygiene, recent
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.listings import Flag
from revops_site.kernel.metrics import Metric, Operands
from revops_site.kernel.panels import Panel, Shown

NOBODY = {"": "Nobody"}
OWNER_KPIS = Panel(
    slug="owner-kpis",
    title="What does each owner have, do and leave?",
    question="Open deals of the day; activities and moves into production of the 30 days up to it.",
    frame=held.kpis,
    columns=(
        Shown("owner", "Owner", link="/reps/{owner_id}/", words=NOBODY),
        Shown("activities_count", "Activities", "integer", help="Completed in the 30 days."),
        Shown("projects_count", "Open deals", "integer", metric=metrics.OPEN),
        Shown("estimated_value", "Worth", "money", metric=metrics.TOTAL),
        Shown(
            "moved_to_production_count",
            "To production",
            "integer",
            help="Deals that entered a stage of production in the 30 days.",
        ),
        Shown("overdue_deals_count", "Overdue", "integer", metric=metrics.OVERDUE[0]),
        Shown("stuck_deals_count", "Stuck", "integer", metric=metrics.LONG_STAY[0]),
    ),
    dimensions=OPEN,
    unit="money",
    width="col-12",
    note=before_history,
    narrows=lambda row: {"owner": (row["owner_id"],)} if row["owner_id"] else None,
    nothing="Nobody has an open deal.",
    contract="/pipeline/lists/owner_kpis.json",
)
RECENT = listing(
    "recent-deals",
    "What happened lately?",
    "Open deals with an update, an activity or a note in the last 14 days.",
    recent.deals,
    (
        Shown("overdue_days", "Updated", "days", help="Days since the last update."),
        Shown("recent_activities", "Activities", "integer", help="Completed in the 14 days."),
        Shown("recent_changes", "Changes", "integer", help="Recorded in the 14 days."),
        Shown("last_note", "Last note", help="How it begins."),
        Shown("last_note_on", "Written", "date"),
    ),
    sort="overdue_days",
    shown=("next_activity_at", "close_date"),
    hidden=("last_note_on", "close_date"),
    note=before_history,
    contract="/pipeline/lists/recent_summary.json",
)


def scores(slice_: Slice) -> pd.DataFrame:
    """Each owner's score, the worst first, beside how often each rule is broken."""
    found = hygiene.by_owner(slice_)
    scored = _known(found).assign(score=found["passed"] / found["checks"])
    return scored.sort_values(["score", "deals"], ascending=[True, False], ignore_index=True)


def broken_rules(slice_: Slice) -> pd.DataFrame:
    """How many open deals break each rule, of those of which that is known."""
    found = hygiene.totals(slice_)
    rows = [
        (label, int(found[name]), found[name] / known)
        for name, label in hygiene.RULES.items()
        if (known := found[f"known_{name}"])
    ]
    return pd.DataFrame(rows, columns=["rule", "deals", "share"])


def trend(slice_: Slice) -> pd.DataFrame:
    """The score of the kept days, and how many deals broke each rule; NaN where nobody knows."""
    found = hygiene.trend(slice_)
    broken = found[[*hygiene.RULES]].sum(axis=1)
    checks = found[[f"known_{name}" for name in hygiene.RULES]].sum(axis=1)
    return _known(found).assign(score=1 - broken / checks)


def _known(found: pd.DataFrame) -> pd.DataFrame:
    """The counts of broken rules, empty where a rule is known of no deal."""
    known = {name: found[f"known_{name}"] > 0 for name in hygiene.RULES}
    return found.assign(
        **{name: found[name].astype("Int64").where(at_all) for name, at_all in known.items()}
    )


def trend_notes(slice_: Slice) -> Sequence[str]:
    """Which rules are not known of which of the days."""
    return told.unknown_days(hygiene.trend(slice_), hygiene.RULES)


def notes(slice_: Slice) -> Sequence[str]:
    """Which rules are not known of the day, or not of all deals."""
    return [*told.unknown(hygiene.totals(slice_), hygiene.RULES), *before_history(slice_)]


def _tile_notes(slice_: Slice, found: Operands) -> Mapping[Metric, str]:
    clean = formats.show(found["clean"], "integer")
    return {metrics.CLEAN: f"{clean} of {formats.show(found['deals'], 'integer')} deals."}


RULE_PANEL = Panel(
    slug="hygiene-rules",
    title="What do deals lack?",
    question="Open deals by the rule that they break; a quick filter below lists them.",
    frame=broken_rules,
    columns=(
        Shown("rule", "Rule"),
        Shown("deals", "Deals", "integer", meter=True),
        Shown("share", "Share", "percent", help="Of the open deals of which it is known."),
    ),
    dimensions=OPEN,
    nothing="No deal is open.",
)
TREND = Panel(
    slug="hygiene-trend",
    title="Does it get better?",
    question="The score on the days that were kept in the last 13 weeks, and the deals that broke "
    "each rule.",
    frame=trend,
    figure=charts.kept,
    columns=(
        Shown("snapshot_date", "Day", "date"),
        Shown("score", "Score", "percent"),
        Shown("deals", "Open deals", "integer"),
        *(Shown(name, label, "integer") for name, label in hygiene.RULES.items()),
    ),
    dimensions=OPEN,
    note=trend_notes,
    nothing="No day was kept in these weeks.",
)
SCORES = Panel(
    slug="hygiene-owners",
    title="Who keeps deals well?",
    question="Each owner's share of passed checks, the lowest first, and the rules they break.",
    frame=scores,
    columns=(
        Shown("owner_name", "Owner", link="/reps/{owner_id}/", words=NOBODY),
        Shown("score", "Score", "percent"),
        Shown("deals", "Open deals", "integer"),
        Shown("clean", "Without a fault", "integer"),
        *(Shown(name, label, "integer") for name, label in hygiene.RULES.items()),
    ),
    dimensions=OPEN,
    width="col-12",
    note=notes,
    nothing="No deal is open.",
)
FIXES = listing(
    "hygiene-deals",
    "Deals to mend",
    "Open deals that break a rule; the quick filters are the rules.",
    hygiene.broken,
    (
        *deals("close_date", "next_activity_at"),
        Shown("overdue_days", "Updated", "days", help="Days since the last update."),
    ),
    sort="-value",
    note=notes,
    flags={
        name.replace("_", "-"): Flag(label, partial(hygiene.breaks, rule=name))
        for name, label in hygiene.RULES.items()
    },
)
OWNERS = page("owners", "Owners", (OWNER_KPIS,))
LATELY = page("recent", "Recent", (), (RECENT,))
HYGIENE = page(
    "hygiene",
    "Hygiene",
    (
        headline(
            "hygiene",
            "How well are open deals kept?",
            metrics.HYGIENE_METRICS,
            hygiene.totals,
            notes=_tile_notes,
            said=notes,
            counts=("deals",),
            nothing="No deal is open.",
            contract="/pipeline/lists/hygiene.json",
        ),
        RULE_PANEL,
        TREND,
        SCORES,
    ),
    (FIXES,),
)
