"""The systems that can be read, each with how it stands and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from insights.panels.data.look import Look, Part, part
from insights.panels.syncs.words import told
from insights.queries.syncs import OFF, PAUSED, Standing, standings
from revops_site.kernel.sources import Source

SLUG = "data-connections"


def the_connections(look: Look, sources: Sequence[Source]) -> Part:
    """Each source with its state, its last sync, and the ways to run it and to set it up."""
    return part(
        look,
        SLUG,
        "Which systems are read?",
        lambda: {"sources": [_one(look, one) for one in standings(sources)]},
        subtitle="They are asked by the background; pages never wait for them.",
    )


def ways(sources: Sequence[Source]) -> list[dict[str, str]]:
    """Where each source is connected."""
    return [{"label": one.label, "url": _url(one)} for one in sources]


def _one(look: Look, one: Standing) -> Mapping[str, Any]:
    run = one.run
    ended = run is not None and run.finished_at is not None
    return {
        **told(one, look.workspace, counts=True),
        "url": _url(one.source),
        "is_on": one.is_on,
        "is_known": one.state != OFF,
        "is_set": one.is_on or one.state == PAUSED,
        "newest": f"{run.records:,} records, {run.changed:,} rows changed" if run and ended else "",
    }


def _url(source: Source) -> str:
    return reverse("insights:source", args=[source.name])
