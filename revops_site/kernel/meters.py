"""What this process counts of its answers, right over all web processes of a machine.

Each process writes its counts into files of its own, which any of them adds up; those of a process
that ended still count. Where ``PROMETHEUS_MULTIPROC_DIR`` is not set, they are its own.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from revops_site.guarded import patience
from revops_site.kernel import incidents
from revops_site.kernel.middleware import Handler, KnownMethods

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0, 20.0)
PROBES = ("/livez", "/readyz", "/health")

OWN = CollectorRegistry()
SECONDS = Histogram(
    "revops_http_request_seconds",
    "How long answers took, by the name of the address and the method.",
    ("route", "method"),
    buckets=BUCKETS,
    registry=OWN,
)
REQUESTS = Counter(
    "revops_http_requests",
    "Requests that were answered, by the name of the address, the method and the status.",
    ("route", "method", "status"),
    registry=OWN,
)
DATABASE_SECONDS = Counter(
    "revops_http_database_seconds",
    "Seconds that requests waited for the database, by the name of the address.",
    ("route",),
    registry=OWN,
)
SLOW = Counter(
    "revops_slow_statements",
    "Statements that took longer than SLOW_STATEMENT_MS, by the name of the address.",
    ("route",),
    registry=OWN,
)


class Meters:
    """Counts every answer, and what its statements took."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        patience.begin()
        began = time.perf_counter()
        with incidents.watched() as watch:
            response = self.get_response(request)
        route, method = route_of(request), _method(request)
        SECONDS.labels(route, method).observe(time.perf_counter() - began)
        REQUESTS.labels(route, method, str(response.status_code)).inc()
        DATABASE_SECONDS.labels(route).inc(patience.spent())
        if watch.slow:
            SLOW.labels(route).inc(len(watch.slow))
            incidents.keep_slow(watch, request, route)
        return response


def route_of(request: HttpRequest) -> str:
    """The name of the address that was asked for: one of few, with nothing of what was asked."""
    if request.resolver_match is not None:
        return str(request.resolver_match.view_name)
    if request.path in PROBES:
        return request.path[1:]
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


def registry(*more: Collector) -> CollectorRegistry:
    """All that is counted, over all processes, and what else is asked for at this moment."""
    made = CollectorRegistry(auto_describe=False)
    folder = os.environ.get(FOLDER)
    made.register(MultiProcessCollector(None, folder) if folder else _Forwarded())  # type: ignore[no-untyped-call]
    for one in more:
        made.register(one)
    return made


@dataclass
class Route:
    """What is known of an address since the counts began: answers, faults, and how long it took.

    ``seconds`` is their sum; ``within`` counts answers by the bound that they stayed below.
    """

    name: str
    answers: int = 0
    faults: int = 0
    outages: int = 0
    seconds: float = 0.0
    within: dict[float, int] = field(default_factory=dict)

    @property
    def mean(self) -> float:
        """Seconds of an answer on average."""
        return self.seconds / self.answers if self.answers else 0.0

    def quantile(self, share: float) -> float:
        """A time that this share of answers stayed below, as exact as the bounds are apart."""
        before_bound, before = 0.0, 0
        wanted = share * self.answers
        for bound, count in sorted(self.within.items()):
            if count >= wanted and count > before:
                if bound == float("inf"):
                    return before_bound
                return before_bound + (bound - before_bound) * (wanted - before) / (count - before)
            before_bound, before = bound, count
        return before_bound


def routes() -> Mapping[str, Route]:
    """Each address that was asked for, by name."""
    found: dict[str, Route] = {}
    for family in registry().collect():
        for one in family.samples:
            name = one.labels.get("route", "")
            route = found.setdefault(name, Route(name))
            if one.name == f"{REQUESTS._name}_total":
                route.answers += int(one.value)
                route.faults += int(one.value) if one.labels["status"] == "500" else 0
                route.outages += int(one.value) if one.labels["status"] == "503" else 0
            elif one.name == f"{SECONDS._name}_sum":
                route.seconds += one.value
            elif one.name == f"{SECONDS._name}_bucket":
                bound = float(one.labels["le"])
                route.within[bound] = route.within.get(bound, 0) + int(one.value)
    return {name: route for name, route in found.items() if route.answers}


class _Forwarded(Collector):
    """The counts of this process alone."""

    def collect(self) -> Iterable[object]:  # type: ignore[override]
        return OWN.collect()


def _method(request: HttpRequest) -> str:
    return str(request.method) if request.method in KnownMethods.ALLOWED else "other"
