"""What is worth saying of the quarter: too little pipeline, a weak commit, a sinking forecast."""

from __future__ import annotations

from dataclasses import dataclass

from insights.analytics.facts import Outlook
from insights.analytics.insight import Evidence, Parameters, Rule, Statement
from revops_site.kernel.formats import show

NEEDS = ("pipeline_deals", "quotas")
PAGE, LABEL = "forecast", "See it on Forecast"


@dataclass(frozen=True)
class LowCoverage(Parameters):
    """How many deals have to be expected in the quarter; what is required, past quarters say."""

    min_n: int = 5


@dataclass(frozen=True)
class WeakCommit(Parameters):
    """The share of the Commit that may be in bad health."""

    min_n: int = 2
    max_share: float = 0.20


@dataclass(frozen=True)
class ForecastDrop(Parameters):
    """By how much the forecast may fall in a week, as a fraction of what it was."""

    min_n: int = 5
    max_drop: float = 0.05


def low_coverage(facts: Outlook, given: LowCoverage) -> Statement | None:
    """How many times the open deals cover what is still to be won, beside what past ones took."""
    if not facts.remaining or facts.required is None:
        return None
    ratio = facts.open_amount / facts.remaining
    says, asked = (show(one, "ratio", facts.currency) for one in (ratio, facts.required))
    left = show(facts.remaining, "amount_auto", facts.currency)
    missing = (facts.required - ratio) * facts.remaining
    return Statement(
        subject="the quarter",
        value=ratio,
        threshold=facts.required,
        n=facts.open_deals,
        counted="open deals of the quarter",
        show="ratio",
        headline=f"The quarter’s pipeline covers what is still to be won {says}; it takes {asked}.",
        explanation=(
            f"{show(facts.open_amount, 'amount_auto', facts.currency)} is open in the quarter and "
            f"{left} is still to be won. In the same week of past quarters it took {asked} of "
            "pipeline for what was won."
        ),
        action="Ask which deals of the next quarter can close early, and what could come in yet.",
        evidence=Evidence(PAGE, LABEL),
        operands={
            "pipeline_total": facts.open_amount,
            "remaining_target": facts.remaining,
            "required_coverage": facts.required,
            "open_deals": facts.open_deals,
        },
        money=missing,
        stake="(required coverage − coverage) × what is still to be won",
    )


def weak_commit(facts: Outlook, given: WeakCommit) -> Statement | None:
    """The share of the Commit that stands on deals in bad health."""
    if facts.commit_amount <= 0:
        return None
    share = facts.weak_amount / facts.commit_amount
    weak = show(facts.weak_amount, "amount_auto", facts.currency)
    whole = show(facts.commit_amount, "amount_auto", facts.currency)
    deals = "deal" if facts.weak_deals == 1 else "deals"
    return Statement(
        subject="Commit of the quarter",
        value=share,
        threshold=given.max_share,
        n=facts.commit_deals,
        counted="deals in Commit",
        show="percent1",
        headline=(
            f"{weak} of {whole} in Commit is in bad health: {facts.weak_deals:,} {deals}, "
            f"{show(share, 'percent1')} of it."
        ),
        explanation=(
            f"Deals with a health below 60 are in bad health. {show(given.max_share, 'percent')} "
            f"of the Commit’s {facts.commit_deals:,} deals by amount is tolerated."
        ),
        action="Go through these deals with their owners before the next call is made.",
        evidence=Evidence(PAGE, LABEL),
        operands={
            "weak_amount": facts.weak_amount,
            "weak_deals": facts.weak_deals,
            "commit_amount": facts.commit_amount,
            "commit_deals": facts.commit_deals,
        },
        money=facts.weak_amount,
        stake="the amounts of the deals in Commit with a health below 60",
        filled=facts.priced / facts.commit_deals if facts.commit_deals else 0.0,
    )


def forecast_drop(facts: Outlook, given: ForecastDrop) -> Statement | None:
    """How the forecast went within a week, as a fraction of what it was."""
    if not facts.week_ago or facts.week_ago <= 0:
        return None
    change = (facts.forecast - facts.week_ago) / facts.week_ago
    now, before = (show(one, "amount_auto", facts.currency) for one in _both(facts))
    lost = facts.week_ago - facts.forecast
    return Statement(
        subject="forecast of the quarter",
        value=change,
        threshold=-given.max_drop,
        scale=given.max_drop,
        n=facts.open_deals,
        counted="open deals of the quarter",
        show="percentDelta",
        headline=f"The forecast fell by {show(-change, 'percent1')} in a week, to {now}.",
        explanation=f"A week before it was {before}, which is {_amount(lost, facts)} more.",
        action="See on the bridge of the week what slipped, shrank or was lost.",
        evidence=Evidence(PAGE, LABEL),
        operands={
            "ai_forecast": facts.forecast,
            "forecast_week_ago": facts.week_ago,
            "open_deals": facts.open_deals,
        },
        money=lost,
        stake="the forecast of a week before − the forecast",
    )


def _both(facts: Outlook) -> tuple[float, float]:
    return facts.forecast, facts.week_ago or 0.0


def _amount(value: float, facts: Outlook) -> str:
    return show(value, "amount_auto", facts.currency)


LOW_COVERAGE = Rule(
    id="LOW_COVERAGE",
    version=1,
    label="Too little pipeline",
    category="pipeline",
    direction="below",
    about=Outlook,
    parameters=LowCoverage(),
    say=low_coverage,
    looks="Less open pipeline for what is still to be won than past quarters took.",
    needs=NEEDS,
    ignores=("period",),
)
WEAK_COMMIT = Rule(
    id="WEAK_COMMIT",
    version=1,
    label="Weak commit",
    category="pipeline",
    direction="above",
    about=Outlook,
    parameters=WeakCommit(),
    say=weak_commit,
    looks="Deals in Commit in bad health, if they are much of it.",
    needs=NEEDS,
    ignores=("period",),
)
FORECAST_DROP = Rule(
    id="FORECAST_DROP",
    version=1,
    label="Sinking forecast",
    category="pipeline",
    direction="below",
    about=Outlook,
    parameters=ForecastDrop(),
    say=forecast_drop,
    looks="A forecast well below that of a week before.",
    needs=NEEDS,
    ignores=("period",),
)
RULES = (LOW_COVERAGE, WEAK_COMMIT, FORECAST_DROP)
