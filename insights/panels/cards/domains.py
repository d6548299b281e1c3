"""Which part of the company a rule looks at: whose facts, whose days, whose filters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from insights.analytics import reading
from insights.analytics.insight import Category
from insights.panels import unusual
from insights.queries import unusual as series
from marketing import analytics as marketing_analytics
from marketing import panels as marketing
from marketing import queries as marketing_queries
from pipeline import panels as pipeline
from pipeline import queries as deals
from pipeline.panels import forecasts
from pipeline.queries import activity, stays
from revenue import panels as revenue
from revenue import queries as customers
from revops_site.kernel import periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Page

DEFAULT_PERIOD = "365d"
LONGEST = 365  # days that an anomaly can be told of
HEALTHY_FROM = 60  # of a deal's health: below, it is at risk


@dataclass(frozen=True)
class Domain:
    """What the rules of a category look at.

    ``page`` is where the evidence is shown; ``datasets`` tell up to which day there are data,
    ``dimensions`` which filters they know; ``facts`` gives what the rules look at in a slice.
    ``more`` gives facts that nobody should wait for where it ``takes_long``.
    """

    category: Category
    page: Page
    datasets: tuple[str, ...]
    dimensions: Collection[str]
    facts: Callable[[Slice], tuple[object, ...]]
    more: Callable[[Slice], tuple[object, ...]] | None = None
    takes_long: Callable[[Slice], bool] = lambda _: False


def _marketing(slice_: Slice) -> tuple[object, ...]:
    mix = marketing_queries.mix(slice_)
    benchmarks = marketing_queries.benchmarks("channel_cpl_range")
    ranges = marketing_analytics.cost_per_lead_ranges(mix, benchmarks)
    return (
        *reading.channels(mix, slice_.currency),
        *reading.lead_costs(ranges, slice_.currency),
    )


def _pipeline(slice_: Slice) -> tuple[object, ...]:
    flows = deals.flows(slice_, "segment")
    targets = deals.yardsticks("win_rate_targets").dropna(subset="target_value")
    by_segment = dict(zip(targets["segment"], targets["target_value"], strict=True))
    return (
        *reading.decided(flows, by_segment, slice_.segment, slice_.currency),
        *reading.stuck(
            deals.open_totals(slice_),
            deals.watched(slice_),
            deals.deals.limits(slice_),
            slice_.currency,
        ),
        *_paces(slice_),
    )


def _paces(slice_: Slice) -> tuple[object, ...]:
    """The last 90 days beside the 90 before, whatever period was asked for."""
    window = periods.resolve("90d", slice_.as_of, slice_.first_month)
    assert window is not None
    earlier = window.shifted(-window.days)
    now = replace(slice_, period=window)
    before = replace(slice_, period=earlier, as_of=earlier.last_day)
    return reading.paces(
        reading.pace(deals.open_totals(now), deals.totals(now)),
        reading.pace(deals.open_totals(before), deals.totals(before)),
        window,
        deals.first_close(),
        slice_.currency,
    )


def _stages(slice_: Slice) -> tuple[object, ...]:
    """The last 90 days beside the 90 before, whatever period was asked for."""
    window = periods.resolve("90d", slice_.as_of, slice_.first_month)
    assert window is not None
    left, first = stays.stays(slice_, window), stays.first_visit()
    held = {
        (pipeline_id, row["stage_name"]): float(row["open_amount"])
        for pipeline_id in left["pipeline_id"].unique()
        for row in reading.rows(deals.stock(replace(slice_, pipeline=(pipeline_id,)), "stage_name"))
    }
    is_whole = first is not None and first <= window.shifted(-window.days).start
    return reading.stage_times(left, stays.stage_plans(), held, is_whole, slice_.currency)


def _slow(slice_: Slice) -> tuple[object, ...]:
    """What takes long where there is much: how long stages take, and the quarter's forecast."""
    return (*_stages(slice_), *_outlook(slice_))


def _outlook(slice_: Slice) -> tuple[object, ...]:
    """The forecast of the running quarter, whatever period was asked for."""
    return reading.outlook(
        forecasts.totals(slice_), forecasts.reckon(slice_).deals, HEALTHY_FROM, slice_.currency
    )


def _revenue(slice_: Slice) -> tuple[object, ...]:
    """Who left in the last whole month and why they did in the period; who stayed for a year."""
    whole, at, currency = customers.complete(slice_), customers.month(slice_), slice_.currency
    targets = customers.yardsticks("nrr_targets").dropna(subset="target_value")
    by_segment = dict(zip(targets["segment"], targets["target_value"], strict=True))
    found = reading.reasons(customers.lost(slice_), currency)
    if whole is None or at is None:
        return found
    left = customers.months(slice_, whole, whole)
    kept = customers.months(slice_, at, at, "segment")
    return (
        *reading.churn(left, whole, currency),
        *found,
        *reading.retention(kept, by_segment, slice_.segment, at, currency),
    )


def _people(slice_: Slice) -> tuple[object, ...]:
    """The last 30 days, whatever period was asked for; a rep is held against the whole team."""
    window = periods.resolve("30d", slice_.as_of, slice_.first_month)
    assert window is not None
    whole = replace(slice_, owner=())
    held = deals.stock(slice_, "owner_id")
    return reading.work(
        activity.activity(whole, window),
        activity.days_off(window),
        window,
        dict(zip(held["owner_id"], held["open_amount"], strict=True)),
        slice_.owner,
        slice_.currency,
    )


def _series(slice_: Slice) -> tuple[object, ...]:
    """What was unusual in a year, whatever period was asked for."""
    found = series.told(slice_, LONGEST)
    return reading.points(found, series.looked_at(slice_), slice_.as_of, slice_.currency)


DOMAINS: tuple[Domain, ...] = (
    Domain(
        category="marketing",
        page=marketing.PAGE,
        datasets=marketing.PAGE.datasets,
        dimensions=marketing.PAGE.dimensions,
        facts=_marketing,
    ),
    Domain(
        category="pipeline",
        page=pipeline.PAGE,
        datasets=pipeline.PAGE.datasets,
        dimensions=pipeline.PAGE.dimensions,
        facts=_pipeline,
        more=_slow,
        takes_long=stays.takes_long,
    ),
    Domain(
        category="revenue",
        page=revenue.PAGE,
        datasets=revenue.PAGE.datasets,
        dimensions=revenue.PAGE.dimensions,
        facts=_revenue,
    ),
    Domain(
        category="people",
        page=pipeline.PAGE,
        datasets=("activities",),
        dimensions=("region", "team", "owner"),
        facts=_people,
    ),
    Domain(
        category="series",
        page=unusual.PAGE,
        datasets=unusual.PAGE.datasets,
        dimensions=unusual.PAGE.dimensions,
        facts=_series,
    ),
)


# Pages that evidence may be shown on, beside that of its domain.
OTHERS: Mapping[str, Page] = {"forecast": pipeline.FORECAST}


def _choices(generation: int) -> Mapping[str, Mapping[str, str]]:
    """What any of the pages lets one choose, value → label."""
    found: dict[str, dict[str, str]] = {}
    for page in {domain.page.slug: domain.page for domain in DOMAINS}.values():
        for name, values in page.choices(generation).items():
            labels = values if isinstance(values, Mapping) else {value: value for value in values}
            found.setdefault(name, {}).update(labels)
    return found


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
