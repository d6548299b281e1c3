"""What can be asked for: every explained number, with what it can be told by and narrowed to."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from insights.analytics.asking import Clock, Known, Vocabulary
from insights.metrics.words import PLACES
from insights.panels.why.reasons import BY_SLUG
from revops_site.kernel import filterform, freshness
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import DIMENSIONS, Allowed
from revops_site.kernel.metrics import Metric
from revops_site.kernel.models import Workspace
from revops_site.kernel.panels import Page, Panel, Shown
from revops_site.kernel.parted import Parted
from revops_site.kernel.queries import workspace
from revops_site.kernel.unusual import ADDRESS

OTHER_PLACES = {
    "/insights/": "Insights",
    "/reports/": "Reports",
    "/data/": "Data",
    "/glossary/": "Glossary",
    "/changes/": "What changed",
}
OF_MEMBERS = ("marketing", "pipeline", "revenue")  # whose choices are all that can be named
# What is reckoned of the whole company alone, by no group.
WHOLE = (
    *("pipeline-at-risk-change", "coaching-rank-change"),
    *("revenue-nrr-without-returns", "revenue-grr-without-returns"),
)
COLUMNS = {"geo": "region", "rep": "owner"}


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
            parts=parts(page, ledger, metric, parted.get(ledger.slug)),
            family=ledger.slug,
            dated=ledger.dated,
            quarterly=page.quarterly,
            better=metric.better,
        )
        for slug, (page, ledger, metric) in explained.items()
    }


def parts(page: Page, ledger: Ledger, metric: Metric, parted: Parted | None) -> tuple[str, ...]:
    """The dimensions that a number can be told by: those it is taken apart by, else of panels."""
    if is_parted(metric, parted):
        return tuple(one for one in parted.dimensions if one in DIMENSIONS) if parted else ()
    found = (grouped_by(panel, ledger, metric) for panel in page.panels)
    return tuple(dict.fromkeys(filter(None, found)))


def is_parted(metric: Metric, parted: Parted | None) -> bool:
    """Whether the groups of a number have all that it is reckoned of."""
    if metric.slug in {*BY_SLUG, *WHOLE} or parted is None or {*metric.operands} & {*parted.whole}:
        return False
    return not parted.given or {*metric.operands} <= {*parted.given}


def grouped_by(panel: Panel, ledger: Ledger, metric: Metric) -> str:
    """The dimension that a panel tells a number by, "" for none."""
    if not tells(panel, metric):
        return ""
    first = panel.columns[0]
    named = panel.slug.rpartition("-by-")[2]
    for name in (first.drill, first.name, COLUMNS.get(first.name, ""), COLUMNS.get(named, named)):
        if name in ledger.dimensions and name in DIMENSIONS:
            return name
    return ""


def tells(panel: Panel, metric: Metric) -> bool:
    """Whether a panel has a column of this number."""
    return any(is_of(one, metric) for one in panel.columns)


def is_of(column: Shown, metric: Metric) -> bool:
    """Whether a column is of this number: by its metric, else by the name of its field."""
    if isinstance(column.metric, Metric):
        return column.metric.slug == metric.slug
    return column.metric is None and column.name == metric.field


@dataclass(frozen=True)
class Terms:
    """All that is registered and can be asked for: explained numbers, their parts, pages."""

    explained: Mapping[str, tuple[Page, Ledger, Metric]]
    parted: Mapping[str, Parted]
    pages: Sequence[Page]

    @functools.cached_property
    def numbers(self) -> Mapping[str, Known]:
        """Every number by its slug, as questions know it."""
        return numbers(self.explained, self.parted)

    @functools.cached_property
    def places(self) -> Mapping[str, str]:
        """The pages that answer what no number does: address → title."""
        titles = {**{page.address: page.title for page in self.pages}, **OTHER_PLACES}
        return {url: title for url, title in titles.items() if url in PLACES}

    @functools.cached_property
    def metrics(self) -> Mapping[str, Metric]:
        """The definitions by slug."""
        return {slug: metric for slug, (_, _, metric) in self.explained.items()}

    def vocabulary(self, allowed: Allowed) -> Vocabulary:
        """What somebody's questions can be about: of people, those whose rows they may see."""
        own = [page for page in self.pages if page.slug in OF_MEMBERS]
        return vocabulary(self.numbers, own, self.places, allowed, workspace(), ADDRESS)


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
