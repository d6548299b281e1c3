"""The index of the house: every dataset, every page, every metric, every entry of the rail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from insights import datasets as insights_data
from marketing import datasets as marketing_data
from marketing import panels as marketing
from marketing import rollups as marketing_sums
from pipeline import datasets as pipeline_data
from pipeline import panels as pipeline
from pipeline import rollups as pipeline_sums
from revenue import datasets as revenue_data
from revenue import rollups as revenue_sums
from revops_site.kernel.metrics import Metric
from revops_site.kernel.permissions import Capability, may

# In the order that they are loaded in.
DATASETS = (
    *insights_data.DATASETS,
    *marketing_data.DATASETS,
    *pipeline_data.DATASETS,
    *revenue_data.DATASETS,
)

# Each after those that it is summed from.
ROLLUPS = (*marketing_sums.ROLLUPS, *pipeline_sums.ROLLUPS, *revenue_sums.ROLLUPS)

PAGES = (marketing.PAGE, pipeline.PAGE)


@dataclass(frozen=True)
class Chapter:
    """A domain's part of the glossary."""

    slug: str
    label: str
    metrics: tuple[Metric, ...]


@dataclass(frozen=True)
class Entry:
    """An entry of the rail; ``needs`` is what a role must include to be shown it."""

    label: str
    view: str
    icon: str
    needs: Capability | None = None


# Each page with the ledgers of its numbers.
BOOKS = (
    (marketing.PAGE, marketing.LEDGERS),
    (pipeline.PAGE, pipeline.LEDGERS),
)
LEDGERS = tuple(ledger for _, ledgers in BOOKS for ledger in ledgers)
GLOSSARY = tuple(
    Chapter(page.slug, page.title, tuple(metric for one in ledgers for metric in one.metrics))
    for page, ledgers in BOOKS
)
RAIL = (
    Entry("Marketing", "marketing:dashboard", "marketing"),
    Entry("Pipeline", "pipeline:dashboard", "pipeline"),
    Entry("Insights", "insights:insights", "insights"),
    Entry("Data", "insights:data", "data", needs="see data"),
    Entry("Glossary", "insights:glossary", "glossary"),
)


def rail(request: HttpRequest) -> dict[str, Any]:
    """A context processor: where one can go, and which of it is here."""
    reader = getattr(request, "user", None)
    shown = [one for one in RAIL if one.needs is None or (reader and may(reader, one.needs))]
    entries = [(entry, reverse(entry.view)) for entry in shown]
    return {
        "rail": [
            {
                "label": entry.label,
                "url": url,
                "icon": entry.icon,
                "current": request.path.startswith(url),
            }
            for entry, url in entries
        ]
    }
