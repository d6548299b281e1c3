"""The index of the house: every dataset, every page, every metric, every entry of the rail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from coaching.panels import actions as coaching_actions
from coaching.panels import team as coaching
from insights import datasets as insights_data
from insights import rollups as insights_sums
from insights.panels import (
    alerts,
    attribution,
    campaigns,
    cash,
    connecting,
    economics,
    files,
    loop,
    overview,
    saved_views,
    summary,
    syncs,
    unusual,
)
from insights.panels.book import BOOKS, TOLD
from insights.panels.palette import Hit, Known
from insights.panels.rail import RAIL, Entry
from insights.queries.saved_views import View, newest, views_of
from insights.queries.syncs import standings
from marketing import datasets as marketing_data
from marketing import panels as marketing
from marketing import rollups as marketing_sums
from pipeline import datasets as pipeline_data
from pipeline import panels as pipeline
from pipeline import rollups as pipeline_sums
from pipeline import sources as pipeline_sources
from pipeline.metrics import DEAL_METRICS
from pipeline.queries import tasks
from revenue import datasets as revenue_data
from revenue import panels as revenue
from revenue import rollups as revenue_sums
from revops_site.kernel import freshness, sync
from revops_site.kernel.filters import NAMES, Filters
from revops_site.kernel.metrics import Metric
from revops_site.kernel.permissions import may, sees_all
from revops_site.kernel.queries import generation, workspace
from revops_site.kernel.sources import Source

# In the order that they are loaded in.
DATASETS = (
    *insights_data.DATASETS,
    *marketing_data.DATASETS,
    *pipeline_data.DATASETS,
    *revenue_data.DATASETS,
)

# The outside systems that can be read.
SOURCES: tuple[Source, ...] = (*pipeline_sources.SOURCES,)

# Each after those that it is summed from.
ROLLUPS = (
    *marketing_sums.ROLLUPS,
    *pipeline_sums.ROLLUPS,
    *revenue_sums.ROLLUPS,
    *insights_sums.ROLLUPS,
)

PAGES = (
    overview.PAGE,
    summary.PAGE,
    unusual.PAGE,
    marketing.PAGE,
    campaigns.PAGE,
    attribution.PAGE,
    attribution.CAMPAIGNS,
    attribution.JOURNEYS,
    cash.COHORTS,
    campaigns.SATURATION,
    cash.PAGE,
    loop.PAGE,
    pipeline.PAGE,
    pipeline.FORECAST,
    pipeline.CALLS,
    pipeline.HEALTH,
    pipeline.STAGE_VELOCITY,
    pipeline.BRIDGE,
    *pipeline.LISTS,
    revenue.PAGE,
    *revenue.PAGES,
    *revenue.WATERFALL_PAGES.values(),
    *revenue.RETENTION_PAGES.values(),
    *revenue.COHORT_PAGES.values(),
    revenue.LIFETIMES_PAGE,
    *revenue.DEFINITION_PAGES.values(),
    economics.PAGE,
    coaching.PAGE,
    coaching_actions.PAGE,
)


@dataclass(frozen=True)
class Chapter:
    """A domain's part of the glossary; what is ``told`` is explained where it stands."""

    slug: str
    label: str
    metrics: tuple[Metric, ...]
    told: tuple[Metric, ...] = ()


GLOSSARY = (
    *(
        Chapter(
            page.slug,
            page.title,
            tuple(metric for one in ledgers for metric in one.metrics),
            TOLD.get(page.slug, ()),
        )
        for page, ledgers in BOOKS
    ),
    Chapter("deal", "A deal", (), DEAL_METRICS),
)

# Each page that has filters, by its slug.
PLACES = {page.slug: saved_views.Place.of(page) for page in PAGES}


def source_named(name: str) -> Source:
    """The source of this name; KeyError where there is none."""
    return {source.name: source for source in SOURCES}[name]


def shell(request: HttpRequest) -> dict[str, Any]:
    """A context processor: what all pages share, each made only where a template prints it."""
    return {
        "rail": SimpleLazyObject(lambda: rail(request)),
        "views_menu": SimpleLazyObject(lambda: _views_menu(request)),
        "syncing": SimpleLazyObject(lambda: syncing(request)),
        "pressing": SimpleLazyObject(lambda: pressing(request)),
        "file_news": SimpleLazyObject(lambda: file_news(request)),
        "alert_news": SimpleLazyObject(lambda: alert_news(request)),
        "generation": SimpleLazyObject(generation),
        "filters": NAMES,
    }


def rail(request: HttpRequest) -> list[dict[str, Any]]:
    """Where one can go, each with the filters of now or else in its default view."""
    carried = Filters.parse(request.META.get("QUERY_STRING", "")).to_query()
    defaults = {view.page: view.query for view in _own(request) if view.is_default}
    here = max((url for _, url in _entries(request) if _is_at(request, url)), key=len, default="")
    at = {place.url: defaults.get(place.slug, "") for place in PLACES.values()}
    return [
        {
            "label": entry.label,
            "url": f"{url}?{query}" if (query := carried or at.get(url, "")) else url,
            "icon": entry.icon,
            "default": at.get(url, ""),
            "key": entry.key or entry.label[0].lower(),
            "current": url == here,
        }
        for entry, url in _entries(request)
    ]


def _is_at(request: HttpRequest, url: str) -> bool:
    return request.path.startswith(url) if url != "/" else request.path == url


def syncing(request: HttpRequest) -> dict[str, Any]:
    """How the sources stand that are connected, for the header; empty to who is not signed in."""
    reader = getattr(request, "user", None)
    if reader is None or not reader.is_authenticated:
        return {}
    return syncs.indicator(
        standings(SOURCES), counts=sees_all(reader), may_ask=may(reader, "sync now")
    )


def offer(request: HttpRequest, datasets: Sequence[str]) -> dict[str, str] | None:
    """The way to connect a system that gives these datasets, for those who may."""
    if not may(request.user, "connect sources"):
        return None
    for one in SOURCES:
        given = {name for entity in one.entities for name in entity.datasets}
        if given & {*datasets} and not sync.is_connected(one.name):
            (way,) = connecting.ways([one])
            return {"label": f"Connect {way['label']}", "url": way["url"]}
    return None


def pressing(request: HttpRequest) -> int:
    """How many tasks of the reader are due by now; 0 to who is not signed in."""
    reader = getattr(request, "user", None)
    if reader is None or not reader.is_authenticated:
        return 0
    return tasks.pressing(reader, freshness.stamp(workspace()))


def file_news(request: HttpRequest) -> dict[str, Any]:
    """What is new of the reader's files; empty to who is not signed in."""
    reader = getattr(request, "user", None)
    return files.news(reader) if reader is not None and reader.is_authenticated else {}


def alert_news(request: HttpRequest) -> int:
    """How much the reader's alerts told that they have not read; 0 to who is not signed in."""
    reader = getattr(request, "user", None)
    return alerts.news(reader) if reader is not None and reader.is_authenticated else 0


def known(request: HttpRequest) -> Known:
    """What this reader's palette finds beside people, accounts and deals."""
    found = [(view, PLACES[view.page]) for view in newest(request.user, 50) if view.page in PLACES]
    return Known(
        pages=[
            Hit(one["label"], "", one["url"], one["icon"], one["default"]) for one in rail(request)
        ],
        metrics=[(metric, chapter.label) for chapter in GLOSSARY for metric in chapter.metrics],
        views=[
            (view, Hit(view.name, place.title, place.address(view.query), "bookmark"))
            for view, place in found
        ],
    )


def _entries(request: HttpRequest) -> list[tuple[Entry, str]]:
    reader = getattr(request, "user", None)
    shown = [one for one in RAIL if one.needs is None or (reader and may(reader, one.needs))]
    return [(entry, reverse(entry.view)) for entry in shown]


def _own(request: HttpRequest) -> tuple[View, ...]:
    return views_of(getattr(request, "user", None))


def _views_menu(request: HttpRequest) -> dict[str, Any] | None:
    """The views of the page that is open, where it has filters."""
    place = next((one for one in PLACES.values() if one.url == request.path), None)
    if place is None:
        return None
    return saved_views.menu(place, _own(request), request.META.get("QUERY_STRING", ""))
