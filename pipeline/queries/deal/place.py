"""The deals of a list in its order, so that one can go from each to the next."""

from __future__ import annotations

from collections.abc import Sequence

from revops_site.kernel.filters import Slice
from revops_site.kernel.listings import Asked, Listing
from revops_site.kernel.listings.narrowing import narrowed, order_of, total_order

MOST = 5_000


def ids(listing: Listing, slice_: Slice, asked: Asked) -> Sequence[str]:
    """The ids of the deals that a long table shows, in its order, ``MOST`` of them."""
    rows = narrowed(listing, slice_, asked)
    order = total_order(listing, rows, order_of(listing, asked))
    return list(rows.order_by(*order).values_list("deal_id", flat=True)[:MOST])
