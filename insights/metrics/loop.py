"""What the money spent on marketing came to, up to what is still paid a year later."""

from __future__ import annotations

from revops_site.kernel.metrics import Metric

CREDITED = (
    "By the model of attribution that is named: each customer belongs to whom the deal that won it "
    "is credited to; customers whose deal is not known are Unattributed."
)
CONSTANT = "At the rate of the month that a customer came in: no currency keeps or loses anybody."
NEW_MRR = Metric(
    slug="loop-new-mrr",
    field="attributed_new_mrr",
    label="Credited new MRR",
    meaning="What the customers that came in the period's months paid in their first month.",
    formula="new_mrr",
    better="up",
    show="amount_auto",
    exact="money2",
    edge=CREDITED,
    ids=("R04",),
)
RETAINED = Metric(
    slug="loop-retained-mrr",
    field="attributed_retained_mrr",
    label="Retained MRR",
    meaning="What these customers pay twelve months after their first month.",
    formula="retained_mrr",
    better="up",
    show="amount_auto",
    exact="money2",
    edge=f"Of those who came at least twelve months ago alone. {CONSTANT} {CREDITED}",
)
RETENTION = Metric(
    slug="loop-retention",
    field="attributed_retention",
    label="Retained after 12 months",
    meaning="Of the MRR that customers began with twelve months ago or earlier, the part that they "
    "pay twelve months after.",
    formula="retained_mrr / known_mrr",
    better="up",
    show="percent",
    exact="percent2",
    edge=f"Above 100% where customers grew by more than others left. Unknown before a year is "
    f"over. {CONSTANT}",
    change="points",
)
LOOP_METRICS = (NEW_MRR, RETAINED, RETENTION)
