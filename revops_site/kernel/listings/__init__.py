"""A long table, answered by SQL a page at a time: searched, narrowed, grouped, ordered, summed.

``Listing`` is the table as data, ``Asked`` what an address wants of it, ``answer`` the one way to
get it; ``every_row`` gives the same rows without pages, for files.
"""

from revops_site.kernel.listings.answers import Answer, answer, columns, every_row
from revops_site.kernel.listings.asked import Asked
from revops_site.kernel.listings.listing import COUNTED, Flag, Listing, linked

__all__ = [
    "COUNTED",
    "Answer",
    "Asked",
    "Flag",
    "Listing",
    "answer",
    "columns",
    "every_row",
    "linked",
]
