"""What was asked, as read from and written to an address; and what may be shown, as a slice.

``Filters`` never refuses an address: what it cannot use it leaves out, with a sentence for people.
``narrow`` turns it into a ``Slice``, the only thing that a query gets to see.
"""

from revops_site.kernel.filters.address import COMPARISONS, DIMENSIONS, LIMITS, OPTIONS, PERIODS
from revops_site.kernel.filters.asked import NAMES, Filters
from revops_site.kernel.filters.slices import Allowed, Slice, narrow

__all__ = [
    "COMPARISONS",
    "DIMENSIONS",
    "LIMITS",
    "NAMES",
    "OPTIONS",
    "PERIODS",
    "Allowed",
    "Filters",
    "Slice",
    "narrow",
]
