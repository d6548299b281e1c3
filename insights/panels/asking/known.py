"""What can be asked for: every explained number, with what it can be told by and narrowed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from insights.analytics.asking import Clock, Known, Vocabulary
from revops_site.kernel import filterform, freshness
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import DIMENSIONS, Allowed
from revops_site.kernel.metrics import Metric
from revops_site.kernel.models import Workspace
from revops_site.kernel.panels import Page, Panel
from revops_site.kernel.parted import Parted

FIRST_COLUMNS = {"geo": "region", "owner_id": "owner"}


def numbers(
    explained: Mapping[str, tuple[Page, Ledger, Metric]], parted: Mapping[str, Parted]
) -> Mapping[str, Known]:
    """Every number by its slug, as questions know it."""
    return {
        slug: Known(
            slug=slug,
            label=metric.label,
            url=page.address,
            default_period=page.default_period,
            dimensions=frozenset(ledger.dimensions),
            parts=parts(page, ledger, parted.get(ledger.slug)),
            family=ledger.slug,
            dated=ledger.dated,
            quarterly=page.quarterly,
            better=metric.better,
        )
        for slug, (page, ledger, metric) in explained.items()
    }


def parts(page: Page, ledger: Ledger, parted: Parted | None) -> tuple[str, ...]:
    """The dimensions that a number can be told by: those it is taken apart by, else of panels."""
    if parted is not None:
        return tuple(one for one in parted.dimensions if one in DIMENSIONS)
    found = (dimension for panel in page.panels if (dimension := grouped_by(panel, ledger)))
    return tuple(dict.fromkeys(found))


def grouped_by(panel: Panel, ledger: Ledger) -> str:
    """The dimension that a panel tells this ledger's numbers by, "" for none."""
    first = panel.columns[0]
    name = first.drill or FIRST_COLUMNS.get(first.name, first.name)
    slugs = {metric.slug for metric in ledger.metrics}
    told = any(isinstance(one.metric, Metric) and one.metric.slug in slugs for one in panel.columns)
    return name if told and name in ledger.dimensions and name in DIMENSIONS else ""


def vocabulary(
    known: Mapping[str, Known],
    pages: Sequence[Page],
    places: Mapping[str, str],
    allowed: Allowed,
    workspace: Workspace,
    unusual: str = "",
) -> Vocabulary:
    """What this reader's questions can be about: of people, those whom the reader may see."""
    members: dict[str, dict[str, str]] = {}
    for page in pages:
        for name, found in filterform.choices(page, allowed, workspace.generation).items():
            members.setdefault(name, {}).update(found)
    last = [
        day
        for day in (freshness.of(page.datasets, workspace).last_day for page in pages)
        if day is not None
    ]
    as_of = max(last, default=freshness.stamp(workspace))
    clock = Clock(as_of, workspace.fiscal_year_start_month)
    return Vocabulary(known, members, places, clock, unusual)
