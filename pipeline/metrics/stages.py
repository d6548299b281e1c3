"""How long deals stay in a stage, and how many of them move on."""

from __future__ import annotations

from pipeline.metrics.deals import rate
from revops_site.kernel.metrics import Metric

STAY = (
    "A stay is all visits of a deal to a stage together, in whole calendar days; it is over when "
    "none of them lasts. Without a period, of all days."
)
COHORT = "Of the deals that first entered in the 365 days up to the period's last day."


def stay(slug: str, field: str, label: str, formula: str, meaning: str, metric_id: str) -> Metric:
    """Days in a stage, fewer of which are better."""
    return Metric(
        slug=f"pipeline-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=formula,
        better="down",
        show="days1",
        exact="decimal",
        edge=STAY,
        ids=(metric_id,),
    )


STAGE_DURATION = stay(
    "stage-duration",
    "avg_duration_days",
    "Average stay",
    "stay_days / exits",
    "Days that a deal spent in a stage, on average of the stays that ended in the period.",
    "P15",
)
STAGE_MEDIAN = stay(
    "stage-median",
    "median_duration_days",
    "Median stay",
    "median_days",
    f"After so many days half of the deals have left the stage. {COHORT} Those still inside count "
    "for as long as they have been (Kaplan and Meier); unknown where more than half are inside.",
    "P16",
)
STAGE_CONVERSION = rate(
    "stage-conversion",
    "conversion_rate",
    "Moved on",
    "moved_on / (moved_on + dropped)",
    f"The share that reached a later stage or was won. {COHORT}",
    "Deals that are still inside, or went back and are open, are not counted. Unknown where none "
    "was resolved.",
    ("P19",),
)
STAY_METRICS = (STAGE_DURATION,)
COHORT_METRICS = (STAGE_MEDIAN, STAGE_CONVERSION)
