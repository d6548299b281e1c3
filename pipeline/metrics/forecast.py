"""Where the quarter will end, beside its target: what every field of the forecast means."""

from __future__ import annotations

from pipeline.metrics.deals import PRICED, money
from revops_site.kernel.metrics import Better, Metric

EXPECTED = (
    "The quarter's pipeline: open deals whose expected close lies in the quarter, past due ones "
    "included; those of earlier quarters and the omitted ones are not in it."
)


def share(
    slug: str, field: str, label: str, formula: str, meaning: str, edge: str, id_: str
) -> Metric:
    """A chance, as a fraction of one."""
    return Metric(
        slug=f"pipeline-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=formula,
        better="up",
        show="percent",
        exact="percent2",
        edge=edge,
        ids=(id_,),
        change="points",
    )


def ratio(
    slug: str, field: str, label: str, formula: str, meaning: str, edge: str, id_: str
) -> Metric:
    """How many times one amount covers another."""
    return Metric(
        slug=f"pipeline-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=formula,
        better="neither",
        show="ratio",
        exact="ratio",
        edge=edge,
        ids=(id_,),
        change="points",
    )


def moved(slug: str, field: str, label: str, formula: str, meaning: str) -> Metric:
    """What an amount is more than a week before."""
    edge = "Beside the figure kept a week before; unknown where none was kept for that very day."
    better: Better = "up"
    return money(slug, field, label, formula, meaning, edge, "F15", better=better)


TARGET = money(
    "quarter-target",
    "quarter_target",
    "Target of the quarter",
    "quarter_target",
    "The quotas of the whole quarter.",
    "Quotas know people and quarters, no segment, region, channel or pipeline. Unknown without "
    "any. At the exchange rate of the day.",
    "F01",
    better="neither",
)
CLOSED_WON = money(
    "quarter-won",
    "closed_won_amount",
    "Won in the quarter",
    "closed_won_amount",
    "What was won from the quarter's first day up to the day.",
    f"As of the day: a deal that was won and lost again is not in it. {PRICED}",
    "F02",
)
FORECAST = money(
    "forecast",
    "ai_forecast",
    "Forecast",
    "closed_won_amount + expected_open + expected_pull_in + expected_new",
    "What will be won by the quarter's end, as expected: what is won, each open deal by its "
    "chance, deals of the next quarter that close early, and deals not created yet.",
    f"{EXPECTED} A documented calculation, no language model. A deal's chance is its stage's, "
    "weighed by its health, until past quarters teach a better one; until then nothing is expected "
    "of early and new deals.",
    "F03",
    "F04",
)
FORECAST_LOW = money(
    "forecast-low",
    "forecast_low",
    "Forecast, low end",
    "forecast_low",
    "The low end of the range that holds the result in 8 of 10 quarters.",
    "Deals are taken as independent, and the range is widened by as much as past ranges were too "
    "narrow. Never below what is won.",
    "F05",
)
FORECAST_HIGH = money(
    "forecast-high",
    "forecast_high",
    "Forecast, high end",
    "forecast_high",
    "The high end of the range that holds the result in 8 of 10 quarters.",
    "Deals are taken as independent, and the range is widened by as much as past ranges were too "
    "narrow.",
    "F05",
)
CONFIDENCE = share(
    "forecast-confidence",
    "ai_forecast_confidence",
    "Confidence in the forecast",
    "within_10_percent",
    "The chance that the quarter ends within 10 % of the forecast.",
    "Low early in a quarter and where few large deals decide, near 1 at its end. Unknown where the "
    "forecast is 0.",
    "F06",
)
COMMIT = money(
    "commit",
    "commit_amount",
    "Commit",
    "closed_won_amount + pipeline_commit",
    "What is won and the quarter's open deals of the category Commit.",
    f"{EXPECTED} A deal without a category counts as Commit from a probability of 80 % on.",
    "F07",
)
COMMIT_CONFIDENCE = share(
    "commit-confidence",
    "commit_confidence",
    "Confidence in the commit",
    "reaches_commit",
    "The chance that the quarter ends at the commit or above.",
    "1 where no open deal is in Commit.",
    "F08",
)
PIPELINE_COMMIT = money(
    "quarter-commit",
    "pipeline_commit",
    "Open in Commit",
    "pipeline_commit",
    "The quarter's open deals of the category Commit.",
    f"{EXPECTED} {PRICED}",
    "F09",
)
PIPELINE_BEST_CASE = money(
    "quarter-best-case",
    "pipeline_best_case",
    "Open in Best Case",
    "pipeline_best_case",
    "The quarter's open deals of the category Best Case.",
    f"{EXPECTED} Without a category from a probability of 50 % on. {PRICED}",
    "F09",
)
PIPELINE_TOTAL = money(
    "quarter-pipeline",
    "pipeline_total",
    "Pipeline of the quarter",
    "pipeline_total",
    "The quarter's open deals of the categories Commit, Best Case and Pipeline.",
    f"{EXPECTED} {PRICED}",
    "F09",
)
GAP = money(
    "gap-to-target",
    "gap_to_target",
    "Gap to target",
    "ai_forecast - quarter_target",
    "The forecast less the target: below 0 the quarter falls short.",
    "Unknown without a target.",
    "F10",
)
GAP_PCT = Metric(
    slug="pipeline-gap-pct",
    field="gap_pct",
    label="Gap in percent",
    meaning="How much of the target the forecast lacks: above 0 the quarter falls short.",
    formula="(quarter_target - ai_forecast) / quarter_target",
    better="down",
    show="percent",
    exact="percent2",
    edge="The opposite sign of the gap in money. Unknown without a target.",
    ids=("F11",),
    change="points",
)
COVERAGE = ratio(
    "coverage",
    "coverage_ratio",
    "Coverage",
    "pipeline_total / remaining_target",
    "How many times the quarter's open deals cover what is still to be won.",
    "Of what is still to be won, not of the whole target. Unknown once the target is met.",
    "F12",
)
REQUIRED_COVERAGE = ratio(
    "required-coverage",
    "required_coverage",
    "Required coverage",
    "past_pipeline / past_won",
    "How much pipeline a unit won took in the same week of past quarters.",
    "Of the last 8 quarters, by amount; where none is known, one over the win rate by amount of "
    "the last year. No rule of thumb is used.",
    "F13",
)
RISK = Metric(
    slug="pipeline-risk-level",
    field="risk_level",
    label="Risk of the quarter",
    meaning="1 is Low, 2 Medium, 3 High and 4 Critical: from gap and coverage.",
    formula="risk_step",
    better="down",
    show="integer",
    exact="integer",
    edge="Low once the target is met or forecast; Critical where all open deals together would not "
    "do, else by the gap: Medium up to 10 %, High up to 20 %, Critical above. Unknown without a "
    "target.",
    ids=("F14",),
)
FORECAST_CHANGE = moved(
    "forecast-change",
    "forecast_change_1w",
    "Forecast, change in a week",
    "ai_forecast - forecast_week_ago",
    "The forecast less that of a week before.",
)
COMMIT_CHANGE = moved(
    "commit-change",
    "commit_change_1w",
    "Commit, change in a week",
    "commit_amount - commit_week_ago",
    "The commit less that of a week before.",
)
TARGET_PROBABILITY = share(
    "target-probability",
    "target_probability",
    "Chance of the target",
    "reaches_target",
    "The chance that the quarter ends at its target or above.",
    "Unknown without a target.",
    "F16",
)
FORECAST_METRICS = (
    *(TARGET, CLOSED_WON, FORECAST, FORECAST_LOW, FORECAST_HIGH, CONFIDENCE),
    *(COMMIT, COMMIT_CONFIDENCE, PIPELINE_COMMIT, PIPELINE_BEST_CASE, PIPELINE_TOTAL),
    *(GAP, GAP_PCT, COVERAGE, REQUIRED_COVERAGE, RISK),
    *(FORECAST_CHANGE, COMMIT_CHANGE, TARGET_PROBABILITY),
)
