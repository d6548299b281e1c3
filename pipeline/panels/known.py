"""What all panels of the pipeline share: the filters their data know, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline import analytics
from pipeline.queries import deals, moved_since, open_totals, recorded_since, totals
from pipeline.queries.money import money_of_open, money_of_won
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Shown, aged

OPEN = tuple(name for name in deals.OPEN if name != "rep")
CLOSED = tuple(name for name in deals.CLOSED if name != "rep")
DEAL_LINK = "/pipeline/deals/{deal_id}/"  # where a deal's page is
# What is set of a deal has an address before its id, which may end in any word.
CATEGORY_LINK = "/pipeline/category/{deal_id}/"
FLAGS_LINK = "/pipeline/flags/{deal_id}/"
NO_SEGMENT = {"": analytics.NO_SEGMENT}
FEW = Shown(
    "few",
    "Sample",
    help="Fewer than 5 decided deals say little.",
    tone={"few": "warn"},
    words={"few": "Fewer than 5"},
)


def without_stage(slice_: Slice) -> Slice:
    """The slice without its stages, which a closed deal has left."""
    return replace(slice_, stage=()) if slice_.stage else slice_


def before_history(slice_: Slice) -> Sequence[str]:
    """Says so where the day lies before the first change that is recorded."""
    since = recorded_since()
    if not moved_since(slice_.as_of) or (since is not None and slice_.as_of >= since):
        return ()
    known = "deals are shown as they were first known"
    if since is not None:
        return (f"History starts on {formats.show(since, 'date')}: on days before it, {known}.",)
    day = formats.show(slice_.as_of, "date")
    return (
        f"History starts here: no change of a deal is recorded yet, so what was open on {day} is "
        "shown with the stage, amount and owner that each deal has now; a closed one with the "
        "stage it ended in. From the next load on, past days keep theirs.",
    )


def left_out_of_open(slice_: Slice) -> Sequence[str]:
    """Says so where open deals have no amount, none that can be converted, or at an old rate."""
    sums = open_totals(slice_)
    old = aged(slice_, money_of_open(slice_))
    return [*before_history(slice_), *_left_out(sums, "open", "open"), *old]


def left_out_of_won(slice_: Slice) -> Sequence[str]:
    """The same of won deals."""
    return [*_left_out(totals(slice_), "won", "won"), *aged(slice_, money_of_won(slice_))]


def stage_not_applied(slice_: Slice) -> Sequence[str]:
    """Says so where stages were asked for that closed deals have left."""
    if not slice_.stage:
        return ()
    return (
        "The stage narrows what is open. Win rate, deal size, cycle and velocity are of all "
        "stages: a closed deal has left them.",
    )


def _left_out(sums: Mapping[str, float], event: str, word: str) -> list[str]:
    missing, unrated = (int(sums[f"{event}_{part}"]) for part in ("missing", "unrated"))
    return [
        f"{_deals(count, word)} without {what}: counted, but in no amount."
        for count, what in ((missing, "an amount"), (unrated, "an exchange rate"))
        if count
    ]


def _deals(count: int, word: str) -> str:
    return f"{count:,} {word} {'deal' if count == 1 else 'deals'}"
