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
