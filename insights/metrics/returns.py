"""What one more unit of money would bring, by a curve through the weeks of a channel."""

from __future__ import annotations

from revops_site.kernel.metrics import Metric

FITTED = (
    "The curve is base + most * spend / (spend + half), with the least squares of all weeks with "
    "spend; the interval is of 399 curves through residuals dealt out anew. Told of one channel "
    "with twenty weeks or more, where a straight line does not explain them as well."
)
MARGINAL = Metric(
    slug="saturation-marginal-return",
    field="marginal_return",
    label="Marginal return",
    meaning="First amounts of deals that one more unit of money a week brings at today's spend: "
    "how steep the curve is there.",
    formula="curve_most * curve_half / ((weekly_spend + curve_half) * (weekly_spend + curve_half))",
    better="up",
    show="money2",
    exact="money2",
    edge=FITTED,
)
METRICS = (MARGINAL,)
