"""What all panels of marketing share: the filters their data know, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence

from marketing import queries
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Shown, aged

KNOWN = tuple(queries.DIMENSIONS)
VERDICT = Shown(
    "verdict",
    "Verdict",
    tone={"high": "bad", "low": "bad", "ok": "good"},
    words={"high": "Above the range", "low": "Below the range", "ok": "As expected"},
)


def unrated(slice_: Slice) -> Sequence[str]:
    """Says so where money is left out for want of an exchange rate, or converted at an old one."""
    old = aged(slice_, queries.money(slice_))
    count = int(queries.mix(slice_)["unrated"].sum())
    if not count:
        return old
    rows = "row is" if count == 1 else "rows are"
    return (
        f"{count:,} {rows} without an exchange rate: that money is in none of these sums, "
        "and what a lead or a customer costs is more by that.",
        *old,
    )


def has_data(slice_: Slice) -> bool:
    """There are data from the first day of its period on."""
    first = queries.first_day()
    return first is not None and slice_.period is not None and slice_.period.start >= first


def compared(slice_: Slice) -> Slice | None:
    """The compared period, None where there is none or the data start within it."""
    previous = slice_.previous()
    return previous if previous is not None and has_data(previous) else None


def lone(slice_: Slice) -> Sequence[str]:
    """Says so where the data start too late for a comparison."""
    if slice_.previous() is None or compared(slice_) is not None:
        return ()
    return ("Nothing to compare with: the data start later.",)
