"""The figures of one deal's page: what it is worth, how old it is, how healthy, what was alike."""

from __future__ import annotations

from pipeline.metrics import health
from revops_site.kernel.metrics import Better, Metric

PARTS = (
    *("stage_velocity", "activity_recency", "stakeholders"),
    *("close_date", "next_step", "commercial"),
)
SCORED = (
    "As the workspace's scorecard has it: with weights of its own the points are that share of "
    "them, and its own limits count. An open deal that is not omitted has a score."
)


def _figure(
    slug: str,
    field: str,
    label: str,
    formula: str,
    meaning: str,
    edge: str,
    *ids: str,
    better: Better = "neither",
    show: str = "integer",
    exact: str = "integer",
) -> Metric:
    return Metric(
        slug=f"pipeline-deal-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=formula,
        better=better,
        show=show,
        exact=exact,
        edge=edge,
        ids=ids,
    )


DEAL_VALUE = _figure(
    *("value", "value", "A deal’s amount in the reporting currency", "amount * rate"),
    "The deal's own amount, converted.",
    "At the rate of the day while it is open, at that of its last day once it is closed. Unknown "
    "without an amount or a rate; an amount of 0 is a known one.",
    show="money",
    exact="money2",
)
DEAL_AGE = _figure(
    *("age", "age_days", "A deal’s age", "age_days"),
    "Days since it was created; of a closed deal, from its creation to its close.",
    "Whole days, by the dates that files and CRMs give.",
    show="days",
)
DEAL_STAY = _figure(
    *("stay", "days_in_stage", "A deal’s days in its stage", "age_days - days_before_stage"),
    "How long the open deal has been in the stage that it is in.",
    "From the day that its stage changed last, else from its creation.",
    show="days",
)
DEAL_LEFT = _figure(
    *("left", "days_until_close", "A deal’s days until its close", "days_until_close"),
    "Days until the expected close of the open deal.",
    "Below 0 where that day is past; unknown where none is given.",
    show="days",
)
DEAL_FACTS = (DEAL_VALUE, DEAL_AGE, DEAL_STAY, DEAL_LEFT)
DEAL_HEALTH = _figure(
    *("health", "health_score", "A deal’s health"),
    " + ".join(f"{name}_points" for name in PARTS),
    "The sum of six components, 100 points at best: a scorecard of momentum and care, and no "
    "probability.",
    SCORED,
    *("H01", "H15"),
    better="up",
)
# What each component rests on is said where its mean over all deals is defined.
DEAL_POINTS = {
    name: _figure(
        name.replace("_", "-"),
        f"{name}_points",
        f"A deal’s points for {mean.label.lower()}",
        f"{name}_points",
        mean.meaning.removesuffix(" The mean points of a deal."),
        SCORED,
        *mean.ids,
        better="up",
    )
    for name, mean in zip(PARTS, health.COMPONENT_METRICS, strict=True)
}
DEAL_ALIKE = _figure(
    *("alike", "similar_win_rate", "Win rate of similar deals", "won / (won + lost)"),
    "The share that was won of the deals like it which were decided in two years: of its segment "
    "and pipeline, with half to twice its amount, in its stage at some time. Where fewer than 5 "
    "are, whatever stage they were in; else whatever their amount.",
    "Duplicates, tests and merged deals do not count. Its range is Wilson's interval of 95%.",
    better="up",
    show="percent",
    exact="percent2",
)
DEAL_METRICS = (*DEAL_FACTS, DEAL_HEALTH, *DEAL_POINTS.values(), DEAL_ALIKE)
