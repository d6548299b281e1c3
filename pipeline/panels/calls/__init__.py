"""The Calls page: what people say the quarter will bring, and how right they were before."""

from __future__ import annotations

from pipeline import queries
from pipeline.panels.calls.course import COURSE
from pipeline.panels.calls.record import ACCURACY, WEEKS
from pipeline.panels.calls.standing import STANDING
from pipeline.panels.known import OPEN
from pipeline.panels.ledgers import DATASETS
from revops_site.kernel.panels import Page

PAGE = Page(
    slug="calls",
    title="Calls",
    url="/pipeline/calls/",
    panels=(STANDING, COURSE, ACCURACY, WEEKS),
    datasets=DATASETS,
    dimensions=OPEN,
    choices=queries.choices,
    default_period="this_quarter",
    dated=False,
    quarterly=True,
)
