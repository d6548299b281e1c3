"""Credit for won deals: by six rules and by a Markov chain, in money and in deals."""

from __future__ import annotations

from collections.abc import Mapping

from revops_site.kernel.metrics import Metric

EDGE = (
    "Touches of the day of the win and of the lookback before it count. A deal without one is "
    "Unattributed. A deal's credits sum to its value, so that all models have the same total."
)
RULES: Mapping[str, tuple[str, str, str]] = {
    "first_touch": ("First touch", "all of it to the first touch", "A01"),
    "last_touch": ("Last touch", "all of it to the last touch", "A02"),
    "last_non_direct": (
        "Last non-direct",
        "all of it to the last touch that is not Direct, to the last one where all are",
        "A03",
    ),
    "linear": ("Linear", "as much to each touch", "A04"),
    "u_shaped": (
        "U-shaped",
        "40% to the first touch, 40% to the last, 20% to those between; two halve it",
        "A05",
    ),
    "time_decay": (
        "Time decay",
        "half as much to a touch for each half-life that it lies before the win",
        "A06",
    ),
}
OF_MARKOV = (
    "What is lost of the chance to win where a channel is taken out of the chain of all journeys, "
    "won and not, shared among the channels in that proportion."
)


def _rule(name: str, unit: str) -> Metric:
    label, how, id_ = RULES[name]
    money = unit == "value"
    worth = "The value of the deals won in the period" if money else "The deals won in the period"
    return Metric(
        slug=f"attribution-{name.replace('_', '-')}{'' if money else '-deals'}",
        field=f"attribution_{name}{'' if money else '_deals'}",
        label=f"{label} credit" if money else f"{label} credit in deals",
        meaning=f"{worth}: {how}.",
        formula=f"{name}_{unit}",
        better="up",
        show="amount_auto" if money else "decimal1",
        exact="money2" if money else "decimal",
        edge=EDGE,
        ids=(id_,),
    )


def _markov(unit: str) -> Metric:
    money = unit == "value"
    return Metric(
        slug="attribution-markov" if money else "attribution-markov-deals",
        field="attribution_markov" if money else "attribution_markov_deals",
        label="Markov credit" if money else "Markov credit in deals",
        meaning=OF_MARKOV,
        formula=f"markov_share * touched_{unit} + untouched_{unit}",
        better="up",
        show="amount_auto" if money else "decimal1",
        exact="money2" if money else "decimal",
        edge="Unknown below 100 journeys with a touch or 20 won ones. Deals without a touch stay "
        "Unattributed. It is of channels alone, not of campaigns.",
        source="removal effect of a first-order chain",
        ids=("A07",),
    )


BY_VALUE = {name: _rule(name, "value") for name in RULES}
BY_DEALS = {name: _rule(name, "deals") for name in RULES}
MARKOV, MARKOV_DEALS = _markov("value"), _markov("deals")
TOUCHED = Metric(
    slug="attribution-touched",
    field="touched_share",
    label="Won after a touch",
    meaning="The part of the won deals' value that a touch counts for.",
    formula="touched_value / won_value",
    better="up",
    show="percent",
    exact="percent2",
    edge="What no touch counts for is Unattributed in every model. Unknown where nothing was won.",
    change="points",
)
TOUCHES_A_DEAL = Metric(
    slug="attribution-touches-a-deal",
    field="touches_a_deal",
    label="Touches a won deal",
    meaning="How many touches count for a won deal that has any.",
    formula="counted_touches / touched_deals",
    better="neither",
    show="decimal1",
    exact="decimal",
    edge="Unknown where no deal with a touch was won.",
)
CREDIT_METRICS = (
    *BY_VALUE.values(),
    MARKOV,
    *BY_DEALS.values(),
    MARKOV_DEALS,
    TOUCHED,
    TOUCHES_A_DEAL,
)
