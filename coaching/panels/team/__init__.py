"""The page of a team: its figures, its reps by rank, and two of them beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coaching.panels.tabs import tabs
from coaching.panels.team import compare
from coaching.panels.team.compare import COMPARE
from coaching.panels.team.headline import HEADLINE
from coaching.panels.team.known import DATASETS, KNOWN, OF_DEALS
from coaching.panels.team.reps import ATTAINMENT, REPS, STANDINGS, WIN_RATES
from coaching.queries.people import shows_ranks
from pipeline import queries
from revops_site.kernel.pages import Visit
from revops_site.kernel.panels import Page, Panel

__all__ = ["PAGE", "beside", "page"]


def choices(generation: int) -> Mapping[str, Mapping[str, str]]:
    """What the filters can be set to, value → label."""
    found = queries.choices(generation)
    return {name: found[name] for name in OF_DEALS}


def _page(*panels: Panel) -> Page:
    return Page(
        slug="coaching",
        title="Coaching",
        panels=panels,
        datasets=DATASETS,
        dimensions=KNOWN,
        choices=choices,
        default_period="this_year",
    )


PAGE = _page(HEADLINE, REPS, ATTAINMENT, WIN_RATES, COMPARE)
OF_A_REP = _page(HEADLINE, REPS)
WITH_RANKS = _page(HEADLINE, REPS, STANDINGS)


def page(*, is_rep: bool) -> Page:
    """The page for a reader: a rep has nobody to compare, and may be shown where others stand."""
    if not is_rep:
        return PAGE
    return WITH_RANKS if shows_ranks() else OF_A_REP


def beside(visit: Visit) -> Sequence[Mapping[str, Any]]:
    """The tabs of coaching, and the form that chooses two to stand beside each other."""
    return [tabs(visit), *compare.beside(visit)]
