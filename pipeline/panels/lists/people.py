"""What each owner has open and lets wait, what happened lately, and how well deals are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd

from pipeline import metrics
from pipeline.charts import lists as charts
from pipeline.panels.known import OPEN, before_history
from pipeline.panels.lists.shared import PLACE, WHO, deals, headline, page
from pipeline.queries import held, hygiene, recent
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.listings import Flag, Listing
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
RECENT = Listing(
    slug="recent-deals",
    title="What happened lately?",
    question="Open deals with an update, an activity or a note in the last 14 days.",
    rows=recent.deals,
    columns=(
        *deals(*WHO, of="recent-deals"),
        Shown("overdue_days", "Updated", "days", help="Days since the last update."),
        Shown("recent_activities", "Activities", "integer", help="Completed in the 14 days."),
        Shown("recent_changes", "Changes", "integer", help="Recorded in the 14 days."),
        Shown("last_note", "Last note", help="How it begins."),
        Shown("last_note_on", "Written", "date"),
        *deals("next_activity_at", "close_date", *PLACE),
    ),
    key=("deal_id",),
    sort="overdue_days",
    search=("opportunity_name", "account_name", "deal_id"),
    groups=("owner_name", "stage_name", "pipeline_name", "segment", "region"),
    sums=("value",),
    hidden=("deal_id", "last_note_on", "close_date", *PLACE),
    dimensions=OPEN,
    unit="money",
    noun="deals",
    note=before_history,
)


def scores(slice_: Slice) -> pd.DataFrame:
    """Each owner's score, the worst first, beside how often each rule is broken."""
    found = hygiene.by_owner(slice_)
    checks = found["deals"] * len(hygiene.rules(slice_))
    broken = found[[*hygiene.RULES]].sum(axis=1)
    told = found.assign(score=1 - broken / checks)
    return told.sort_values(["score", "deals"], ascending=[True, False], ignore_index=True)


def broken_rules(slice_: Slice) -> pd.DataFrame:
    """How many open deals break each rule."""
    found = hygiene.totals(slice_)
    rows = [
        (label, int(found[name]), found[name] / found["deals"])
        for name, label in hygiene.RULES.items()
        if name in hygiene.rules(slice_) and found["deals"]
    ]
    return pd.DataFrame(rows, columns=["rule", "deals", "share"])


def trend(slice_: Slice) -> pd.DataFrame:
    """The score of the kept days by the rules that history tells of."""
    found = hygiene.trend(slice_)
    broken = found[[*hygiene.TRENDED]].sum(axis=1)
    return found.assign(score=1 - broken / (found["deals"] * len(hygiene.TRENDED)))


def trend_notes(slice_: Slice) -> Sequence[str]:
    """Which rules the trend is of."""
    names = ", ".join(hygiene.RULES[name].lower() for name in hygiene.TRENDED)
    return (f"By what was kept of each day: {names}. Nothing is kept of the other rules.",)


def notes(slice_: Slice) -> Sequence[str]:
    """Which rules cannot be judged on the day."""
    judged = hygiene.rules(slice_)
    left = [label.lower() for name, label in hygiene.RULES.items() if name not in judged]
    said = [f"Not known of a past day: {', '.join(left)}."] if left else []
    return [*said, *before_history(slice_)]


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
        Shown("share", "Of open deals", "percent"),
    ),
    dimensions=OPEN,
    nothing="No deal is open.",
)
TREND = Panel(
    slug="hygiene-trend",
    title="Does it get better?",
    question="The score on the days that were kept in the last 13 weeks.",
    frame=trend,
    figure=charts.kept,
    columns=(
        Shown("snapshot_date", "Day", "date"),
        Shown("score", "Score", "percent"),
        Shown("deals", "Open deals", "integer"),
        *(Shown(name, hygiene.RULES[name], "integer") for name in hygiene.TRENDED),
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
FIXES = Listing(
    slug="hygiene-deals",
    title="Deals to mend",
    question="Open deals that break a rule; the quick filters are the rules.",
    rows=hygiene.broken,
    columns=(
        *deals(*WHO, "close_date", "next_activity_at", of="hygiene-deals"),
        Shown("overdue_days", "Updated", "days", help="Days since the last update."),
        *deals(*PLACE),
    ),
    key=("deal_id",),
    sort="-value",
    search=("opportunity_name", "account_name", "deal_id"),
    groups=("owner_name", "stage_name", "pipeline_name", "segment", "region"),
    sums=("value",),
    hidden=("deal_id", *PLACE),
    flags={
        name.replace("_", "-"): Flag(label, partial(hygiene.breaks, rule=name))
        for name, label in hygiene.RULES.items()
    },
    dimensions=OPEN,
    unit="money",
    noun="deals",
    note=notes,
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
        ),
        RULE_PANEL,
        TREND,
        SCORES,
    ),
    (FIXES,),
)
