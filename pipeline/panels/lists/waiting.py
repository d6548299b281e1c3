"""Deals that wait: without an update, long in the same stage, without an activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd

from pipeline import metrics
from pipeline.analytics import waits as told
from pipeline.panels.known import FEW, OPEN, before_history
from pipeline.panels.lists.shared import headline, listing, page
from pipeline.queries import ages, moved_since, terms, waits
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.listings import Listing
from revops_site.kernel.metrics import Metric, Operands
from revops_site.kernel.panels import Panel, Shown

DAYS = {
    "overdue": Shown("overdue_days", "No update for", "days", help="Days since the last update."),
    "stuck": Shown("days_in_stage", "In stage", "days", help="Days since it entered its stage."),
    "inactive": Shown("idle_days", "No activity for", "days", help="Days since the last activity."),
}
PAST = (
    "No history tells when a deal was updated: on past days its recorded changes and activities "
    "stand for it."
)
NOTHING = "Nothing waits."


def limit(slice_: Slice, kind: str) -> str:
    """From how many days on, in words."""
    return terms.said(waits.KINDS[kind][1], slice_.pipeline)


def notes(slice_: Slice, kind: str) -> Sequence[str]:
    """From which days on a deal is listed, and what is not known of a past day."""
    past = [PAST] if kind != "stuck" and moved_since(slice_.as_of) else []
    return [f"From {limit(slice_, kind)} on.", *past, *before_history(slice_)]


def _tile_notes(slice_: Slice, found: Operands, kind: str) -> Mapping[Metric, str]:
    count, amount, days = metrics.WAITING[kind]
    missing = int(found["missing"])
    left_out = f"{missing:,} without an amount." if missing else ""
    oldest = formats.show(found["oldest"], "integer")
    return {
        count: f"From {limit(slice_, kind)} on.",
        amount: left_out,
        days: f"The longest for {oldest} days.",
    }


def owners(slice_: Slice, kind: str) -> pd.DataFrame:
    """Who lets how much wait, the most money first."""
    return told.by_owner(waits.by_owner(slice_, kind), kind)


def buckets(slice_: Slice) -> pd.DataFrame:
    """The stuck deals by how long they have been in their stage."""
    return told.by_age(ages.stuck_ages(slice_, told.AGES), told.AGES)


def stages(slice_: Slice) -> pd.DataFrame:
    """The stages in which deals are stuck."""
    return told.by_stage(ages.stuck_ages(slice_, told.AGES), ages.ages(slice_, told.AGES))


def recovery(slice_: Slice) -> pd.DataFrame:
    """Whose stuck deals get moving again."""
    return told.recovery(waits.recovered(slice_))


def _owner_panel(kind: str, title: str, question: str) -> Panel:
    return Panel(
        slug=f"{kind}-owners",
        title=title,
        question=question,
        frame=partial(owners, kind=kind),
        columns=(
            Shown("owner_name", "Owner", link="/reps/{owner_id}/", words={"": "Nobody"}),
            Shown("deals", "Deals", "integer"),
            Shown("amount", "Amount", "money", meter=True),
            Shown("share", "Share", "percent", help="Of the amount of all of them."),
            Shown("oldest", "Longest", "days"),
            Shown("average_days", "On average", "days1"),
            Shown(
                "intervention",
                "First",
                help=f"With their manager from {told.ESCALATE_DAYS[kind]} days on; together from "
                f"{told.MANY} deals on.",
            ),
        ),
        dimensions=OPEN,
        unit="money",
        width="col-12",
        nothing=NOTHING,
        contract=f"/pipeline/lists/{kind}_owners.json",
    )


def _listing(kind: str, title: str, question: str) -> Listing:
    others = tuple(column for other, column in DAYS.items() if other != kind)
    return listing(
        f"{kind}-deals",
        title,
        question,
        partial(waits.waiting, kind=kind),
        (DAYS[kind], *others),
        sort=f"-{DAYS[kind].name}",
        shown=("close_date", "last_activity_at", "next_activity_at"),
        hidden=("last_activity_at", *(column.name for column in others)),
        note=partial(notes, kind=kind),
        contract=f"/pipeline/lists/{kind}.json",
    )


def _headline(kind: str, question: str) -> Panel:
    return headline(
        kind,
        question,
        metrics.WAITING[kind],
        partial(waits.totals, kind=kind),
        notes=partial(_tile_notes, kind=kind),
        counts=("deals",),
        nothing=NOTHING,
    )


AGES = Panel(
    slug="stuck-ages",
    title="For how long are they stuck?",
    question="The stuck deals by the days in their stage.",
    frame=buckets,
    columns=(
        Shown("bucket", "In stage"),
        Shown("from_days", "From", "integer", filed=True),
        Shown("deals", "Deals", "integer"),
        Shown("amount", "Amount", "money", meter=True),
    ),
    dimensions=OPEN,
    unit="money",
    nothing=NOTHING,
    contract="/pipeline/lists/stuck_ages.json",
)
NARROW = Panel(
    slug="stuck-stages",
    title="Which stages hold them up?",
    question="Stages by the stuck deals in them, the most money first.",
    frame=stages,
    columns=(
        Shown("stage_name", "Stage", drill="stage"),
        Shown("deals", "Stuck", "integer"),
        Shown("share", "Of its open deals", "percent"),
        Shown("amount", "Amount", "money", meter=True),
        Shown("open_deals", "Open deals", "integer", filed=True),
    ),
    dimensions=OPEN,
    unit="money",
    narrows=lambda row: {"stage": (row["stage_name"],)},
    nothing=NOTHING,
    contract="/pipeline/lists/stuck_stages.json",
)
RECOVERY = Panel(
    slug="stuck-recovery",
    title="Who gets stuck deals moving again?",
    question="Stays as long as a stuck deal's that ended in the last 180 days: whether the deal "
    "reached a later stage or was won, or was lost.",
    frame=recovery,
    columns=(
        Shown("owner_name", "Owner", link="/reps/{owner_id}/", words={"": "Nobody"}),
        Shown("left", "Left", "integer", help="Stays that ended; a move back is neither."),
        Shown("moved_on", "Moved on", "integer"),
        Shown("dropped", "Lost", "integer"),
        Shown("recovery_rate", "Recovered", "percent", help="Moved on, of those or lost."),
        FEW,
    ),
    dimensions=OPEN,
    width="col-12",
    nothing="No stuck deal left its stage in these days.",
    contract="/pipeline/lists/stuck_recovery.json",
)
OVERDUE = page(
    "overdue",
    "Overdue",
    (
        _headline("overdue", "Which open deals did nobody update?"),
        _owner_panel(
            "overdue",
            "Whose deals are left alone?",
            "Owners by the money of their overdue deals, and what to do first.",
        ),
    ),
    (
        _listing(
            "overdue",
            "Overdue deals",
            "Open deals without an update in the CRM, the longest first.",
        ),
    ),
)
STUCK = page(
    "stuck",
    "Stuck",
    (
        _headline("stuck", "Which open deals do not move?"),
        AGES,
        NARROW,
        _owner_panel(
            "stuck",
            "Whose deals do not move?",
            "Owners by the money of their stuck deals, and what to do first.",
        ),
        RECOVERY,
    ),
    (_listing("stuck", "Stuck deals", "Open deals long in the same stage, the longest first."),),
)
INACTIVE = page(
    "inactive",
    "Inactive",
    (
        _headline("inactive", "Which open deals does nobody work on?"),
        _owner_panel(
            "inactive",
            "Whose deals sleep?",
            "Owners by the money of their inactive deals, and what to do first.",
        ),
    ),
    (_listing("inactive", "Inactive deals", "Open deals without an activity, the longest first."),),
)
