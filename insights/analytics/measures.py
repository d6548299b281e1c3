"""The measures that are looked at for what is unusual, and how small is too small."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from insights.analytics.insight import Category

Grain: TypeAlias = Literal["day", "week", "month"]
Unit: TypeAlias = Literal["money", "count", "rate"]

# Smaller distances from a small expectation are nobody's business; money in whole units of the
# reporting currency, a day, a week or a month.
FLOORS: Mapping[Unit, Mapping[Grain, float]] = {
    "money": {"day": 100.0, "week": 1_000.0, "month": 1_000.0},
    "count": {"day": 5.0, "week": 5.0, "month": 5.0},
    "rate": {"day": 0.001, "week": 0.001, "month": 0.001},
}
COST_FLOOR = 1.0  # of a cost per lead


@dataclass(frozen=True)
class Measure:
    """A measure that is looked at: what it is called, how it is written, and what explains it.

    ``above`` and ``below`` name the columns of the rows that it is made of, ``events`` that of
    what money came by, such as deals: a few of them are chance. ``parts`` are the dimensions that
    it is looked at by beside the whole company. Rows of a ``scoped`` one are of reps, and seen by
    those who may see theirs.
    """

    slug: str
    label: str
    category: Category
    grain: Grain
    unit: Unit
    show: str
    metric: str
    above: str
    below: str = ""
    events: str = ""
    parts: tuple[str, ...] = ()
    scoped: bool = False

    def floor(self, grain: Grain) -> float:
        """What a point is held against where less was expected."""
        return COST_FLOOR if self.is_cost else FLOORS[self.unit][grain]

    def least(self, grain: Grain) -> float:
        """What is off by less is not told: of a sum of money, the floor itself."""
        is_sum = self.unit == "money" and not self.is_cost
        return self.floor(grain) if is_sum else 0.0

    @property
    def is_cost(self) -> bool:
        """Money by a count."""
        return self.unit == "money" and bool(self.below)


OF_MARKETING = ("channel", "region", "segment")


def _of_days(slug: str, label: str, metric: str, above: str, **more: object) -> Measure:
    given = {"unit": "count", "show": "integer", **more}
    return Measure(
        slug=slug,
        label=label,
        category="marketing",
        grain="day",
        metric=f"marketing-{metric}",
        above=above,
        parts=OF_MARKETING,
        **given,  # type: ignore[arg-type]
    )


MEASURES = (
    _of_days("spend", "Spend", "spend", "spend", unit="money", show="money"),
    _of_days("leads", "Leads", "leads", "leads"),
    _of_days("cpl", "Cost per lead", "cpl", "spend", below="leads", unit="money", show="money2"),
    _of_days("ctr", "CTR", "ctr", "clicks", below="impressions", unit="rate", show="percent1"),
    _of_days("mqls", "MQLs", "mqls", "mqls"),
    _of_days("conversions", "Conversions", "closed-won", "closed_won"),
    Measure(
        slug="created",
        label="Created pipeline",
        category="pipeline",
        grain="week",
        unit="money",
        show="money",
        metric="pipeline-created-amount",
        above="created_amount",
        events="created",
        parts=("segment", "region", "team"),
        scoped=True,
    ),
    Measure(
        slug="activities",
        label="Activities",
        category="people",
        grain="week",
        unit="count",
        show="integer",
        metric="pipeline-activities",
        above="activities",
        parts=("team",),
        scoped=True,
    ),
    Measure(
        slug="net_new_mrr",
        label="Net new MRR",
        category="revenue",
        grain="month",
        unit="money",
        show="money",
        metric="revenue-net-new",
        above="net_new_mrr",
        parts=("segment",),
        scoped=True,
    ),
)
NAMED: Mapping[str, Measure] = {one.slug: one for one in MEASURES}
OF_METRIC: Mapping[str, Measure] = {one.metric: one for one in MEASURES}
