"""What these pages say of what is not known: that nobody reckoned yet, or of an earlier day."""

from __future__ import annotations

from collections.abc import Sequence

from revenue.metrics.health import FACTORS
from revenue.panels.known import DATASETS, unrated
from revenue.queries import health, known, records
from revops_site.kernel import formats, freshness
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import workspace

UNRECKONED = (
    "The health of customers was not reckoned yet. That is done in the background within minutes "
    "of a load, or by manage.py health."
)
LINK = "/customers/{customer_id}/"


def unreckoned(slice_: Slice) -> str:
    """What is said where nothing is there; "" where filters can be why."""
    return "" if records.health_run() or known.ends() is None else UNRECKONED


def notes(slice_: Slice) -> Sequence[str]:
    """Of which day health is, which factors nobody knows, and what has no exchange rate."""
    return [*aged(), *missing(slice_), *unrated(slice_)]


def aged() -> Sequence[str]:
    """Says so where the data reach further than the health that is kept."""
    run, last = records.health_run(), freshness.of(DATASETS, workspace()).last_day
    if run is None or last is None or run.as_of >= last:
        return []
    day = formats.show(run.as_of, "date")
    return [f"Health is as of {day}: newer data are reckoned within minutes."]


def missing(slice_: Slice) -> Sequence[str]:
    """Says which factors are known of nobody, whose weight the others share."""
    found = health.factors(slice_)
    gone = {name for name, n in zip(found["name"], found["known"], strict=True) if not n}
    return [
        f"{one.label} is not known of anybody: it needs {one.needs}. The other factors share its "
        f"weight of {one.most}."
        for one in FACTORS
        if one.name in gone
    ]
