"""The figures of one deal's page, each with its operands, its query and the rows behind it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from pipeline import metrics
from pipeline.panels.deal.health import LABELS
from pipeline.panels.deal.places import address, digest
from pipeline.panels.health import known
from pipeline.panels.health.deal import of_deal
from pipeline.panels.health.ledgers import COLUMNS as HEALTH_COLUMNS
from pipeline.panels.shown import CLOSED_COLUMNS, CREATED, DUE, STAGE, WHO, WORTH
from pipeline.queries import deals
from pipeline.queries import health as stored
from pipeline.queries.deal import figures, found, similar
from revops_site.kernel.explain import Interval, Ledger
from revops_site.kernel.filters import Allowed, Slice
from revops_site.kernel.intervals import wilson
from revops_site.kernel.metrics import Measured, Metric, Operands
from revops_site.kernel.panels import Page, Shown
from revops_site.kernel.queries import written

DATASETS = ("pipeline_deals",)
METRICS: Mapping[str, Metric] = {one.slug: one for one in metrics.DEAL_METRICS}
PARTS: Mapping[str, str] = {one.slug: name for name, one in metrics.DEAL_POINTS.items()}
OWN = (
    *WHO,
    STAGE,
    Shown("status", "Status"),
    *WORTH,
    CREATED,
    Shown("last_stage_change", "In stage since", "date"),
    DUE,
    Shown("closed_at", "Closed", "date"),
)
OWN_OPERANDS = (
    Shown("amount", "Amount in its own currency", "decimal"),
    Shown("rate", "Rate into the reporting currency", "decimal"),
    Shown("age_days", "Days since it was created, or until it closed", "integer"),
    Shown("days_before_stage", "Days before it entered its stage", "integer"),
    Shown("days_until_close", "Days until its expected close", "integer"),
)
OF_POINTS = tuple(
    Shown(f"{name}_points", f"Points for {label.lower()}", "integer")
    for name, label in LABELS.items()
)
OF_DECIDED = (Shown("won", "Won", "integer"), Shown("lost", "Lost", "integer"))


def of(slug: str, deal_id: str, allowed: Allowed) -> tuple[Page, Ledger, Metric] | None:
    """The deal's page, what its figure of that slug rests on, and what it means.

    None where there is no such figure, or no such deal that may be seen.
    """
    metric = METRICS.get(slug)
    deal = found.deal(deal_id, allowed) if metric else None
    if metric is None or deal is None:
        return None
    page = Page(
        slug="deal",
        title=str(deal),
        url=address(deal_id),
        panels=(),
        datasets=DATASETS,
        dimensions=(),
        choices=lambda _: {},
        default_period="all",
        dated=False,
        compared=False,
    )
    if metric in metrics.DEAL_FACTS:
        return page, _facts(deal_id), metric
    if metric == metrics.DEAL_ALIKE:
        return page, _alike(deal), metric
    return page, _health(deal_id, PARTS.get(slug, "")), metric


def _ledger(kind: str, deal_id: str, **given: Any) -> Ledger:
    """A ledger of one deal; slug and title tell it from those of all others."""
    return Ledger(
        slug=f"deal-{kind}-{digest(deal_id)}",
        datasets=DATASETS,
        dimensions=(),
        dated=False,
        **given,
    )


def _facts(deal_id: str) -> Ledger:
    return _ledger(
        "facts",
        deal_id,
        title=f"The deal {deal_id}",
        noun="deals",
        metrics=metrics.DEAL_FACTS,
        totals=lambda slice_: figures.operands(deal_id, slice_),
        sql=lambda slice_: figures.operands_sql(deal_id, slice_),
        rows=lambda slice_: deals.named(figures.itself(deal_id, slice_)),
        columns=OWN,
        order=("deal_id",),
        operands=OWN_OPERANDS,
    )


def _health(deal_id: str, part: str) -> Ledger:
    """Of one component, or of all for ""."""

    def rows(slice_: Slice) -> QuerySet[Any]:
        return known.scored(slice_).filter(deal_id=deal_id)

    def points(slice_: Slice) -> Operands:
        judged = of_deal(deal_id, slice_.as_of)
        given = {one.name: one.points for one in judged.components} if judged else {}
        return {f"{name}_points": given.get(name, math.nan) for name in LABELS}

    def why(slice_: Slice) -> Sequence[str]:
        judged = of_deal(deal_id, slice_.as_of)
        if judged is None:
            return ("The deal has no score: it is closed, or omitted from the forecast.",)
        return [
            f"{LABELS[one.name]}, {one.points} of {one.max}: {one.reason}"
            for one in judged.components
            if part in {"", one.name}
        ]

    return _ledger(
        "health",
        deal_id,
        title=f"The health of deal {deal_id}",
        noun="deals",
        metrics=(metrics.DEAL_HEALTH, *metrics.DEAL_POINTS.values()),
        totals=points,
        sql=lambda slice_: written(rows(slice_).values_list(*stored.POINTS, "health_score")),
        rows=rows,
        columns=HEALTH_COLUMNS,
        order=("deal_id",),
        note=why,
        operands=OF_POINTS,
    )


def _alike(deal: Any) -> Ledger:
    def rows(slice_: Slice) -> QuerySet[Any]:
        among = similar.among(deal, slice_)
        return deals.named(among.rows if among else deals.decided(slice_).none())

    def counts(slice_: Slice) -> Operands:
        among = similar.among(deal, slice_)
        return {"won": among.won if among else 0, "lost": among.lost if among else 0}

    def sql(slice_: Slice) -> str:
        among = similar.among(deal, slice_)
        return similar.sums_sql(among) if among else ""

    return _ledger(
        "alike",
        deal.pk,
        title=f"Deals like {deal.pk}",
        noun="deals",
        metrics=(metrics.DEAL_ALIKE,),
        totals=counts,
        sql=sql,
        rows=rows,
        columns=CLOSED_COLUMNS,
        order=("closed_at", "deal_id"),
        operands=OF_DECIDED,
        interval=_range,
    )


def _range(found: Measured) -> Interval | None:
    """How sure the win rate is."""
    won, lost = found.operands["won"], found.operands["lost"]
    ends = wilson(won, won + lost)
    return Interval(*ends, int(won + lost)) if ends else None
