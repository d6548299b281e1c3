"""The product's addresses, and a page with a long table of every kind of column."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import F, Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import include, path

from marketing import metrics, queries
from marketing.panels.groups import CHANNELS
from revops_site.kernel import pages
from revops_site.kernel.listings import Flag, Listing
from revops_site.kernel.panels import Page, Shown
from revops_site.urls import handler500
from revops_site.urls import urlpatterns as product

__all__ = ["handler500", "urlpatterns"]

DAYS = Listing(
    slug="days",
    title="All days",
    question="Which days cost what?",
    rows=lambda slice_: queries.rows(slice_).annotate(place=F("geo")),
    columns=(
        Shown("channel", "Channel", link="/marketing/channels/{channel}/{campaign}/"),
        Shown("campaign", "Campaign", help="What it is called in the ads."),
        Shown("date", "Day", "date"),
        Shown("segment", "Segment", drill="segment", words={"ENT": "Enterprise"}),
        Shown("place", "Region"),
        Shown("spend", "Spend", "money", meter=True, metric=metrics.METRICS[0]),
        Shown("leads", "Leads", "integer"),
        Shown("roi", "Return", "percentage"),
    ),
    key=("key",),
    sort="-spend",
    search=("channel", "campaign"),
    groups=("channel", "campaign", "segment", "date"),
    sums=("spend", "leads"),
    hidden=("leads",),
    flags={
        "paid": Flag("Paid", ~Q(spend=0), "Days that cost something."),
        "last": Flag("Last day", lambda slice_: Q(date=slice_.as_of)),
    },
    dimensions=queries.DIMENSIONS,
    unit="money",
    noun="days",
    note=lambda slice_: ("A note of the list.",),
    narrows=lambda row: {"channel": (row["channel"],), "segment": (row["segment"],)},
)
BY_CHANNEL = Shown("channel", "Channel", drill="channel")
PAGE = Page(
    slug="days",
    title="Days",
    panels=(replace(CHANNELS, columns=(BY_CHANNEL, *CHANNELS.columns[1:])),),
    datasets=("marketing_channels",),
    dimensions=queries.DIMENSIONS,
    choices=queries.choices,
    default_period="365d",
    listings=(DAYS,),
)


def page(request: HttpRequest) -> HttpResponseBase:
    """The page, whole or in parts."""
    return pages.page(request, "marketing/dashboard.html", PAGE)


def fragment(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A panel or the list."""
    return pages.panel(request, PAGE, slug)


def export(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """A file."""
    return pages.export(request, PAGE, slug, kind)


urlpatterns = [
    path(
        "days/",
        include(
            [
                path("", page),
                path("panels/<slug:slug>/", fragment),
                path("panels/<slug:slug>.<str:kind>", export),
            ]
        ),
    ),
    *product,
]
