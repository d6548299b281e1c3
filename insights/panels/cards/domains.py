"""Which part of the company a rule looks at: whose facts, whose days, whose filters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from insights.analytics import reading
from insights.analytics.insight import Category
from marketing import analytics as marketing_analytics
from marketing import panels as marketing
from marketing import queries as marketing_queries
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Page

DEFAULT_PERIOD = "365d"


@dataclass(frozen=True)
class Domain:
    """What the rules of a category look at.

    ``page`` is where the evidence is shown; ``datasets`` tell up to which day there are data,
    ``dimensions`` which filters they know; ``facts`` gives what the rules look at in a slice.
    """

    category: Category
    page: Page
    datasets: tuple[str, ...]
    dimensions: Collection[str]
    facts: Callable[[Slice], tuple[object, ...]]


def _marketing(slice_: Slice) -> tuple[object, ...]:
    mix = marketing_queries.mix(slice_)
    benchmarks = marketing_queries.benchmarks("channel_cpl_range")
    ranges = marketing_analytics.cost_per_lead_ranges(mix, benchmarks)
    return (
        *reading.channels(mix, slice_.currency),
        *reading.lead_costs(ranges, slice_.currency),
    )


DOMAINS: tuple[Domain, ...] = (
    Domain(
        category="marketing",
        page=marketing.PAGE,
        datasets=marketing.PAGE.datasets,
        dimensions=marketing.PAGE.dimensions,
        facts=_marketing,
    ),
)


def _choices(generation: int) -> Mapping[str, Sequence[str]]:
    """What any of the pages lets one choose."""
    found: dict[str, dict[str, None]] = {}
    for page in {domain.page.slug: domain.page for domain in DOMAINS}.values():
        for name, values in page.choices(generation).items():
            found.setdefault(name, {}).update(dict.fromkeys(values))
    return {name: tuple(values) for name, values in found.items()}


PAGE = Page(
    slug="insights",
    title="Insights",
    panels=(),
    datasets=tuple(dict.fromkeys(name for one in DOMAINS for name in one.datasets)),
    dimensions=tuple(dict.fromkeys(name for one in DOMAINS for name in one.dimensions)),
    choices=_choices,
    default_period=DEFAULT_PERIOD,
    limits={name: limit for one in DOMAINS for name, limit in one.page.limits.items()},
)
