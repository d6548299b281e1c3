"""How new the data of each page are, with the way there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marketing import panels as marketing
from pipeline import panels as pipeline
from revenue import panels as revenue
from revops_site.kernel import formats, freshness
from revops_site.kernel.freshness import Freshness
from revops_site.kernel.models import Workspace

SOURCES = (
    (marketing.PAGE.title, marketing.PAGE.address, marketing.PAGE.datasets),
    (pipeline.PAGE.title, pipeline.PAGE.address, pipeline.PAGE.datasets),
    (revenue.PAGE.title, revenue.PAGE.address, revenue.PAGE.datasets),
    ("Activities", "/explain/pipeline-activities/?period=30d", ("activities",)),
    ("Quotas", "/explain/pipeline-quota/?period=this_quarter", ("quotas",)),
)
STATES: Mapping[str, tuple[str, str]] = {
    "fresh": ("ok", "good"),
    "stale": ("warn", "warn"),
    "never": ("empty", "muted"),
}


def sources(at: Workspace) -> Sequence[Mapping[str, Any]]:
    """Each source with its last day, its age in words, and its page."""
    return [_source(title, url, freshness.of(datasets, at), at) for title, url, datasets in SOURCES]


def _source(title: str, url: str, known: Freshness, at: Workspace) -> Mapping[str, Any]:
    if known.loaded_at is None:
        return {"title": title, "url": url, "state": _state("never"), "says": "Never loaded."}
    stale = known.is_stale(freshness.stamp(at))
    refused = f", {known.refused:,} rows refused" if known.refused else ""
    return {
        "title": title,
        "url": url,
        "state": _state("stale" if stale else "fresh"),
        "day": formats.show(known.last_day, "date") if known.last_day else "",
        "iso": known.last_day.isoformat() if known.last_day else "",
        "says": f"Loaded {known.loaded_at:%Y-%m-%d %H:%M} UTC{refused}.",
    }


def _state(name: str) -> Mapping[str, str]:
    icon, tone = STATES[name]
    return {"icon": icon, "tone": tone, "word": {"fresh": "Up to date"}.get(name, name.title())}
