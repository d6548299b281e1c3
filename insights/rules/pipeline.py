"""What is worth saying about deals: too few won, too many stuck, a slower pace, a slow stage."""

from __future__ import annotations

from dataclasses import dataclass

from insights.analytics.facts import Decided, Paces, StageTimes, Stuck
from insights.analytics.insight import Evidence, Parameters, Rule, Statement
from revops_site.kernel.formats import show

NEEDS = ("pipeline_deals",)


@dataclass(frozen=True)
class LowWinRate(Parameters):
    """The share of decided deals to be won where no benchmark says otherwise."""

    min_n: int = 20
    min_win_rate: float = 0.20


@dataclass(frozen=True)
class StuckValue(Parameters):
    """The share of the open pipeline that may be stuck."""

    min_n: int = 1
    max_share: float = 0.10


@dataclass(frozen=True)
class VelocityDrop(Parameters):
    """By how much velocity may fall from one window to the next, as a fraction."""

    min_n: int = 20
    max_drop: float = 0.20


@dataclass(frozen=True)
class StageSlow(Parameters):
    """How far a stage may pass its benchmark, and by how much it has to have become slower."""

    min_n: int = 5
    slack_days: float = 3.0
    slack_share: float = 0.20
    worsening: float = 0.10


def low_win_rate(facts: Decided, given: LowWinRate) -> Statement | None:
    """The share of decided deals that were won, of one segment or of all."""
    decided = facts.won + facts.lost
    if not decided:
        return None
    threshold = facts.target if facts.target is not None else given.min_win_rate
    rate = facts.won / decided
    size = facts.won_amount / facts.priced if facts.priced else None
    of = f"{facts.segment} deals" if facts.segment else "decided deals"
    least = show(threshold, "percent")
    asked = f"the {least} that are asked" if facts.target is None else f"their target of {least}"
    missing = (threshold - rate) * decided
    return Statement(
        subject=f"segment {facts.segment}" if facts.segment else "all deals",
        value=rate,
        threshold=threshold,
        n=decided,
        counted="decided deals",
        show="percent1",
        headline=(f"{show(rate, 'percent1')} of {of} are won, below {asked}."),
        explanation=(
            f"{facts.won:,} of {decided:,} decided deals were won. At {least} it would have been "
            f"{show(missing, 'decimal1')} more."
        ),
        action="Read the reasons of the deals lost, and check what is let into the pipeline.",
        evidence=Evidence(
            "pipeline",
            "See it on Pipeline",
            {"segment": (facts.segment,)} if facts.segment else {},
            "win-rate-by-segment",
        ),
        operands={
            "won": facts.won,
            "lost": facts.lost,
            "won_amount": facts.won_amount,
            "won_with_amount": facts.priced,
        },
        money=None if size is None else missing * size,
        stake="(asked win rate − win rate) × decided deals × average amount won",
    )


def stuck_value(facts: Stuck, given: StuckValue) -> Statement | None:
    """The share of the open pipeline that has stood still for too long."""
    if facts.open_amount <= 0:
        return None
    share = facts.amount / facts.open_amount
    amount = show(facts.amount, "amount_auto", facts.currency)
    each = show(facts.min_amount, "amount_auto", facts.currency)
    deals = "deal" if facts.deals == 1 else "deals"
    known = facts.open_deals - facts.missing_amount
    return Statement(
        subject="open deals",
        value=share,
        threshold=given.max_share,
        n=facts.deals,
        counted=f"stuck {deals}",
        show="percent1",
        headline=(
            f"{amount} of the open pipeline is stuck: {facts.deals:,} {deals}, "
            f"{show(share, 'percent1')} of its value."
        ),
        explanation=(
            f"Stuck means {facts.min_days} days or more in one stage, from {each} up. "
            f"{show(given.max_share, 'percent')} of the "
            f"{show(facts.open_amount, 'amount_auto', facts.currency)} in open deals is tolerated."
        ),
        action="Go through the list with their owners: a next step with a date, or close the deal.",
        evidence=Evidence(
            "pipeline",
            "See the stuck deals",
            {"min_days": facts.min_days, "min_amount": facts.min_amount},
            "stuck-deals",
        ),
        operands={
            "stuck_amount": facts.amount,
            "stuck_deals": facts.deals,
            "open_amount": facts.open_amount,
            "open_deals": facts.open_deals,
            "min_days": facts.min_days,
            "min_amount": facts.min_amount,
        },
        money=facts.amount,
        stake="the amounts of the stuck deals",
        filled=known / facts.open_deals if facts.open_deals else 0.0,
    )


def velocity_drop(facts: Paces, given: VelocityDrop) -> Statement | None:
    """How velocity went from one window to the next; nothing where the data do not cover both."""
    now, before = facts.now.velocity, facts.before.velocity
    if not facts.whole or now is None or not before:
        return None
    change = (now - before) / before
    lost = (before - now) * facts.days
    speeds = [f"{show(one, 'amount_auto', facts.currency)} a day" for one in (now, before)]
    return Statement(
        subject="all deals",
        value=change,
        threshold=-given.max_drop,
        scale=given.max_drop,
        n=facts.now.won + facts.now.lost,
        counted="decided deals",
        show="percentDelta",
        headline=(
            f"Pipeline velocity fell by {show(-change, 'percent')} against the {facts.days} days "
            "before."
        ),
        explanation=(
            f"The pipeline is worth {speeds[0]}, after {speeds[1]}: open deals × win rate × "
            "average amount won ÷ days from creation to win."
        ),
        action="See which part fell: open deals, win rate, deal size, or a longer sales cycle.",
        evidence=Evidence("pipeline", "See it on Pipeline", {"period": f"{facts.days}d"}),
        operands={
            "velocity": now,
            "velocity_before": before,
            **{f"{name}": value for name, value in vars(facts.now).items()},
            **{f"{name}_before": value for name, value in vars(facts.before).items()},
        },
        money=lost,
        stake=f"(velocity before − velocity now) × {facts.days} days",
        filled=facts.now.priced / facts.now.won if facts.now.won else 0.0,
    )


def stage_slow(facts: StageTimes, given: StageSlow) -> Statement | None:
    """How long deals stay in a stage, where it has passed its benchmark and still gets slower."""
    if not (facts.whole and facts.exits and facts.exits_before and facts.expected):
        return None
    mean, before = facts.days / facts.exits, facts.days_before / facts.exits_before
    if not before or round((mean - before) / before, 9) <= given.worsening:
        return None
    most = facts.expected + max(given.slack_days, given.slack_share * facts.expected)
    days, expected = show(mean, "decimal1"), f"{facts.expected:,}"
    return Statement(
        subject=f"stage {facts.stage}" + (f" of {facts.pipeline}" if facts.pipeline else ""),
        value=mean,
        threshold=most,
        scale=facts.expected,
        n=facts.exits,
        counted="deals that left the stage",
        show="decimal1",
        headline=(
            f"Deals stay {days} days in {facts.stage} where {expected} are expected, and it is "
            "getting slower."
        ),
        explanation=(
            f"{facts.exits:,} deals left it in the last 90 days after {days} days on average; "
            f"{facts.exits_before:,} in the 90 days before after {show(before, 'decimal1')}."
        ),
        action=f"Ask the owners what {facts.stage} waits for, and what would let deals go on.",
        evidence=Evidence(
            "pipeline",
            "See the deals in it",
            {
                "stage": (facts.stage,),
                **({"pipeline": (facts.pipeline_id,)} if facts.pipeline_id else {}),
            },
            "deals",
        ),
        operands={
            "exits": facts.exits,
            "days": facts.days,
            "exits_before": facts.exits_before,
            "days_before": facts.days_before,
            "expected_days": facts.expected,
        },
        money=facts.open_amount,
        stake="the amounts of the deals that are in the stage now",
    )


LOW_WIN_RATE = Rule(
    id="LOW_WIN_RATE",
    version=1,
    label="Few deals won",
    category="pipeline",
    direction="below",
    about=Decided,
    parameters=LowWinRate(),
    say=low_win_rate,
    looks="A win rate below the segment’s target, or over all deals below what is asked.",
    needs=NEEDS,
    ignores=("stage",),
)
STUCK_VALUE = Rule(
    id="STUCK_VALUE",
    version=1,
    label="Stuck pipeline",
    category="pipeline",
    direction="above",
    about=Stuck,
    parameters=StuckValue(),
    say=stuck_value,
    looks="Large deals that have stood in one stage for long, if they are much of the pipeline.",
    needs=NEEDS,
    ignores=("period",),
)
VELOCITY_DROP = Rule(
    id="VELOCITY_DROP",
    version=1,
    label="Slower pipeline",
    category="pipeline",
    direction="below",
    about=Paces,
    parameters=VelocityDrop(),
    say=velocity_drop,
    looks="A velocity of the last 90 days well below that of the 90 days before.",
    needs=NEEDS,
    ignores=("stage", "period"),
)
STAGE_SLOW = Rule(
    id="STAGE_SLOW",
    version=1,
    label="Slow stage",
    category="pipeline",
    direction="above",
    about=StageTimes,
    parameters=StageSlow(),
    say=stage_slow,
    looks="A stage that deals leave later than its benchmark says, and later than before.",
    needs=(*NEEDS, "stages", "stage_history"),
    ignores=("period",),
)
RULES = (LOW_WIN_RATE, STUCK_VALUE, VELOCITY_DROP, STAGE_SLOW)
