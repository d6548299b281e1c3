"""The book of numbers: each page with its ledgers, and what their numbers are taken apart by."""

from __future__ import annotations

from coaching import metrics as coaching_metrics
from coaching.panels import team as coaching
from coaching.panels.ledgers import LEDGERS as COACHING_LEDGERS
from coaching.panels.parted import PARTED as OF_COACHING
from insights.panels import attribution, campaigns, cash, loop
from insights.panels.why import Number
from marketing import panels as marketing
from marketing.panels.parted import PARTED as OF_MARKETING
from pipeline import panels as pipeline
from pipeline.panels.parted import PARTED as OF_PIPELINE
from revenue import metrics as revenue_metrics
from revenue import panels as revenue
from revenue.panels.parted import PARTED as OF_REVENUE
from revops_site.kernel.metrics import Metric

# Each page with the ledgers of its numbers.
BOOKS = (
    (marketing.PAGE, marketing.LEDGERS),
    (campaigns.PAGE, campaigns.LEDGERS),
    (campaigns.SATURATION, campaigns.SATURATION_LEDGERS),
    (attribution.PAGE, attribution.LEDGERS),
    (cash.PAGE, cash.LEDGERS),
    (loop.PAGE, loop.LEDGERS),
    (pipeline.PAGE, pipeline.LEDGERS),
    (pipeline.FORECAST, pipeline.FORECAST_LEDGERS),
    (pipeline.HEALTH, pipeline.HEALTH_LEDGERS),
    (pipeline.STAGE_VELOCITY, pipeline.STAGE_LEDGERS),
    *pipeline.LIST_BOOKS,
    (revenue.PAGE, revenue.LEDGERS),
    *revenue.BOOKS,
    (coaching.PAGE, COACHING_LEDGERS),
)
# What is reckoned of single deals or comparisons, by the page that it is of.
TOLD = {coaching.PAGE.slug: coaching_metrics.TOLD, revenue.PAGE.slug: revenue_metrics.TOLD}
LEDGERS = tuple(ledger for _, ledgers in BOOKS for ledger in ledgers)
# By the metric's slug: the page and the ledger that it is of.
EXPLAINED = {
    metric.slug: (page, ledger, metric)
    for page, ledgers in BOOKS
    for ledger in ledgers
    for metric in ledger.metrics
}
# What the numbers of a ledger can be taken apart by, by the ledger's slug.
PARTED = {**OF_MARKETING, **OF_PIPELINE, **OF_REVENUE, **OF_COACHING}
# What a part of a formula is called that is a number of its own.
FORMULAS = {metric.formula: metric.label for _, _, metric in EXPLAINED.values()}


def number(slug: str) -> Number | None:
    """A number whose change can be asked for; None where none is called so."""
    found = EXPLAINED.get(slug)
    if found is None:
        return None
    page, ledger, metric = found
    return Number(page, ledger, metric, PARTED.get(ledger.slug), FORMULAS)


def metric(slug: str) -> Metric | None:
    """The metric of a slug; None where none is called so."""
    return EXPLAINED[slug][2] if slug in EXPLAINED else None
