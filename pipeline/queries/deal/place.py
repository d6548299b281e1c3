"""The deals of a list in its order, so that one can go from each to the next."""

from __future__ import annotations

from collections.abc import Sequence

from revops_site.kernel.filters import Slice
from revops_site.kernel.listings import Asked, Listing
from revops_site.kernel.listings.narrowing import narrowed, order_of, total_order

MOST = 5_000


def ids(listing: Listing, slice_: Slice, asked: Asked, key: str) -> Sequence[str]:
    """The ids of the deals that a long table shows, in its order, of its first ``MOST`` rows.

    ``key`` is the column that has them; a deal of several rows stands where the first of them does.
    """
    rows = narrowed(listing, slice_, asked)
    sort = order_of(listing, asked)
    ordered = rows.order_by(*total_order(listing, rows, sort))
    if not rows.query.combinator:
        return list(dict.fromkeys(ordered.values_list(key, flat=True)[:MOST]))
    # A union can be ordered by what is read of it alone.
    names = dict.fromkeys((key, sort.removeprefix("-"), *listing.key))
    return list(dict.fromkeys(row[0] for row in ordered.values_list(*names)[:MOST]))
