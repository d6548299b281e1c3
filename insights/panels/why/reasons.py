"""Why a number's change is not taken apart, and which number is nearest of those that are."""

from __future__ import annotations

from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Metric

MEDIAN = "A median is no sum: no group of deals has a share of it."
SIMULATED = "It comes from the distribution of all deals together: no group has a share of it."
RANK = "A rank is a place among others: no group has a share of it."
BY_SLUG = {
    "pipeline-median-cycle": MEDIAN,
    "pipeline-stage-median": MEDIAN,
    "pipeline-forecast-low": SIMULATED,
    "pipeline-forecast-high": SIMULATED,
    "pipeline-forecast-confidence": SIMULATED,
    "pipeline-commit-confidence": SIMULATED,
    "pipeline-target-probability": SIMULATED,
    "pipeline-risk-level": "A level is a word for a range: nothing adds up to it.",
    "coaching-rank": RANK,
    "coaching-consistency": "It tells how a rep's days differ: no group has a share of it.",
}
NEAREST = {
    "pipeline-median-cycle": "pipeline-cycle",
    "pipeline-stage-median": "pipeline-stage-duration",
    "pipeline-forecast-low": "pipeline-forecast",
    "pipeline-forecast-high": "pipeline-forecast",
    "pipeline-forecast-confidence": "pipeline-forecast",
    "pipeline-commit-confidence": "pipeline-commit",
    "pipeline-target-probability": "pipeline-forecast",
    "pipeline-risk-level": "pipeline-gap-pct",
    "pipeline-quarter-target": "pipeline-quota",
    "coaching-rank": "coaching-attainment",
    "coaching-consistency": "coaching-activities-a-day",
}


def nothing_compared(slice_: Slice) -> str:
    """Why there is no other period."""
    if slice_.period is None:
        return "All time has nothing before it: choose a period, or days to compare with."
    return "Nothing is compared: choose a compared period, or days to compare with."


def whole(metric: Metric) -> str:
    """Why the number has no parts."""
    default = f"{metric.label} is one number without parts that the data tell apart."
    return BY_SLUG.get(metric.slug, default)


def nearest(metric: Metric) -> str:
    """The slug of the number whose change can be taken apart, "" where there is none."""
    return NEAREST.get(metric.slug, "")
