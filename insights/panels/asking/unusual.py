"""What was unusual of a number, in sentences that lead to where it is listed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from insights.queries import unusual as queries
from revops_site.kernel.pages import Visit
from revops_site.kernel.unusual import Named, address, of_slice, told

Piece: TypeAlias = Mapping[str, str]
MOST = 3


def pieces(named: Named, visit: Visit) -> list[Piece]:
    """The newest anomalies of these series in what is shown, and how many there are."""
    if queries.newest() is None:
        return [_text("The worker has not looked for anomalies yet; it does so with new data.")]
    days = visit.slice_.period
    found = [
        one
        for one in of_slice(visit.slice_)
        if one.series in named
        and (days is None or (one.start < days.end and one.end >= days.start))
    ]
    if not found:
        return [_text("Nothing in it is unusual: trend, season and chance explain every point.")]
    many = "Once it was unusual" if len(found) == 1 else f"It was unusual {len(found)} times"
    newest = found[::-1][:MOST]
    parts = [_text(f"{many}: " if len(found) <= MOST else f"{many}, at last: ")]
    for nth, one in enumerate(newest):
        said = told(one, *named[one.series], visit.slice_.currency)
        parts += [_text("; " if nth else ""), _text(said, address([one]))]
    return [*parts, _text(".")]


def _text(text: str, url: str = "") -> Piece:
    return {"text": text, "url": url}
