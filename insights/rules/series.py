"""What is worth saying about series over time: that a day, week or month was not to be expected."""

from __future__ import annotations

from dataclasses import dataclass

from insights.analytics.facts import Point
from insights.analytics.insight import Evidence, Parameters, Rule, Statement
from insights.analytics.strength import EXACT
from revops_site.kernel.formats import show

SCALE = 3.5
GRAVE = 5.0  # |z| from which an anomaly is called high
GRAINS = {"day": "days", "week": "weeks", "month": "months"}
ACTIONS = {
    "marketing": "Ask whoever runs it: a booking, a broken tag, bots, or a campaign of that day?",
    "pipeline": "Look at the deals of that week: an import, one large deal, a team away?",
    "people": "Ask before judging: holidays, an event, or work that nobody wrote down?",
    "revenue": "Look at the customers who came, grew or left in that month.",
}


@dataclass(frozen=True)
class Unusual(Parameters):
    """How far off a point is, both limits inclusive, and for how many days it is told."""

    min_n: int = 14
    min_z: float = 3.5
    min_change: float = 0.2
    max_age_days: int = 31


def anomaly(facts: Point, given: Unusual) -> Statement | None:
    """How far a point lies from what its trend and its season let expect."""
    is_told = round(facts.relative, EXACT) >= given.min_change and facts.age <= given.max_age_days
    far = abs(facts.z) if is_told else 0.0
    observed, expected = (
        show(value, facts.show, facts.currency) for value in (facts.observed, facts.expected)
    )
    name = f"{facts.label} of {facts.part}" if facts.part else facts.label
    day = show(facts.start, "date")
    when = {"day": f"on {day}", "week": f"in the week from {day}"}.get(
        facts.grain, f"in {day[-8:]}"
    )
    by = {facts.by: (facts.part,)} if facts.by else {}
    return Statement(
        subject=" ".join(filter(None, (facts.series, facts.by, facts.part, f"{facts.start}"))),
        value=far,
        threshold=given.min_z,
        scale=SCALE,
        n=facts.points,
        counted=GRAINS[facts.grain],
        show="decimal1",
        severity="high" if round(far, EXACT) >= GRAVE else "medium",
        headline=f"{name} was {observed} {when}; {expected} was to be expected.",
        explanation=(
            f"That is {show(far, 'decimal1')} robust standard deviations off, "
            f"{show(facts.relative, 'percent')} of what trend and season let expect, and more than "
            "chance or the time of year explain."
        ),
        action=ACTIONS[facts.category],
        evidence=Evidence(
            "anomalies",
            "See the anomaly",
            {"period": "custom", "start": facts.start, "end": facts.end, **by},
            "anomalies",
        ),
        operands={
            "observed": facts.observed,
            "expected": facts.expected,
            "z": facts.z,
            "relative": facts.relative,
        },
        money=abs(facts.observed - facts.expected) if facts.is_money else None,
        stake="the distance from what was to be expected",
    )


ANOMALY = Rule(
    id="ANOMALY",
    version=1,
    label="Anomaly",
    category="series",
    direction="above",
    about=Point,
    parameters=Unusual(),
    say=anomaly,
    looks="A day, week or month that trend, season and chance do not explain.",
    needs=("marketing_channels",),
    besides="or of deals, activities or MRR, and the worker’s look at them",
    ignores=("period",),
    is_inclusive=True,
)
RULES = (ANOMALY,)
