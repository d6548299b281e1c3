"""The executive summary of a period: what happened and why, domain by domain, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from insights.panels.cards.domains import PAGE as INSIGHTS
from insights.panels.cards.found import Rules
from insights.panels.summary import told, words
from insights.panels.summary.todo import todo
from insights.queries import wordings
from revops_site.kernel.models import User
from revops_site.kernel.pages import Visit
from revops_site.kernel.panels import Page

__all__ = ["PAGE", "beside", "sentences", "with_actions"]

PAGE = Page(
    slug="summary",
    title="Executive summary",
    url="/insights/summary/",
    panels=told.PANELS,
    datasets=INSIGHTS.datasets,
    dimensions=told.KNOWN,
    choices=lambda generation: {
        name: values for name, values in INSIGHTS.choices(generation).items() if name in told.KNOWN
    },
    default_period="this_quarter",
)


def with_actions(reader: User, rules: Callable[[], Rules]) -> Page:
    """The summary with what the rules suggest, less what this reader dismissed."""
    version = wordings.version()
    panels = tuple(replace(one, about=version) for one in PAGE.panels)
    return replace(PAGE, panels=(*panels, todo(reader, rules)))


def sentences(visit: Visit) -> list[str]:
    """What happened in all domains, as the templates say it."""
    return [
        one
        for panel in PAGE.panels
        for one in told.sentences(visit.on(panel).slice_, told.SLUGS[panel.slug])
    ]


def beside(visit: Visit, token: str) -> Sequence[Mapping[str, Any]]:
    """The way to have it worded by a model, where one may; ``token`` is of who may ask for it."""
    if visit.fresh.is_empty:
        return []
    return words.offer(sentences(visit), token, visit.frame.address())
