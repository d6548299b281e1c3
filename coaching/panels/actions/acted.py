"""Whether acting helps: deals that were acted on beside alike ones that were not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from coaching.analytics.acted import LEAST, WITHIN, Candidate, Compared, compared
from coaching.panels.actions.listed import NOTHING
from coaching.queries import marks
from coaching.queries.people import group
from pipeline.queries import moved
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.intervals import wilson
from revops_site.kernel.panels import Panel, Shown
from revops_site.kernel.queries import shared

COLUMNS = ("deals", "n", "moved", "share", "low", "high")
PEOPLE = ("team", "owner")
SPAN = timedelta(days=365)


@shared
def found(slice_: Slice) -> Compared:
    """What was done in a year and at least 14 days ago, beside what was alike."""
    reps = group(slice_).shown
    touched = marks.done(slice_.as_of, reps) if reps else []
    acted = _apart([one for one in touched if _is_over(one[1], slice_.as_of)])
    rows = moved.beside_alike(acted, touched, reps, WITHIN)
    told = rows[["deal_id", "moved", "other_id", "other_moved"]].itertuples(index=False, name=None)
    return compared(Candidate(*row) for row in told)


def _is_over(day: date, today: date) -> bool:
    return today - SPAN < day <= today - timedelta(days=WITHIN)


def _apart(done: Sequence[tuple[str, date]]) -> Sequence[tuple[str, date]]:
    """The first of each deal: what was done later may have done less, or the first one's work."""
    first: dict[str, date] = {}
    for deal_id, day in done:
        first.setdefault(deal_id, day)
    return list(first.items())


def frame(slice_: Slice) -> pd.DataFrame:
    """Both sides with their shares, unknown of too few: ``COLUMNS``; no row of nobody."""
    if not group(slice_).shown:
        return pd.DataFrame(columns=[*COLUMNS])
    told = found(slice_)
    rows = [
        _row("Acted on", told.moved, told),
        _row("Alike, not acted on", told.other_moved, told),
    ]
    return pd.DataFrame(rows, columns=[*COLUMNS])


def _row(label: str, count: int, told: Compared) -> tuple[Any, ...]:
    ends = wilson(count, told.n)
    if not told.says or ends is None:
        return label, told.n, *[float("nan")] * 4
    return label, told.n, count, count / told.n, *ends


def notes(slice_: Slice) -> Sequence[str]:
    """How much more often they moved, or why nothing is said of it; and what alike means."""
    told = found(slice_)
    alike = (
        "Each stands beside the deal most like it on that day: of the same stage and currency, "
        "half to twice the amount, about as old, of the same reps, not acted on 14 days before "
        "and after."
    )
    if told.gap is None:
        count = f"{told.n:,} {'pair' if told.n == 1 else 'pairs'} so far"
        return [f"Fewer than {LEAST} pairs say nothing: {count}.", alike]
    gap, low, high = (formats.screen(formats.show(one, "percentDelta")) for one in told.gap)
    sure = "" if told.gap[1] <= 0 <= told.gap[2] else " more than chance would make of it"
    return [
        f"Those acted on moved on more often by {gap} of deals, 95 % between {low} and {high}"
        f"{', which is' + sure if sure else ': chance may explain it'}.",
        "People choose what they act on, so it is no proof that acting did it.",
        alike,
    ]


PANEL = Panel(
    slug="actions-moved",
    title="Does acting move deals?",
    question="Deals with an action done, and alike ones without: moved on in 14 days.",
    frame=frame,
    columns=(
        Shown("deals", "Deals"),
        Shown("n", "n", "integer", help="Pairs of deals; of a year, 14 days ago at least."),
        Shown("moved", "Moved on", "integer", help="Entered a later stage, or won."),
        Shown("share", "Share", "percent"),
        Shown("low", "95% from", "percent"),
        Shown("high", "to", "percent"),
    ),
    dimensions=PEOPLE,
    width="col-12",
    note=notes,
    nothing=NOTHING,
)
