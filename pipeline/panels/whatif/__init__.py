"""The What-if page: what the quarter would be if some deals stood otherwise. Nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import AnonymousUser

from pipeline import queries
from pipeline.panels import forecasts, tabs
from pipeline.panels.known import OPEN
from pipeline.panels.ledgers import DATASETS
from pipeline.panels.whatif import asked as asking
from pipeline.panels.whatif import deals, figures, kept
from pipeline.panels.whatif.asked import Asked
from pipeline.panels.whatif.scene import Scene, scene
from pipeline.queries import scenarios
from pipeline.queries.scenarios import Kept
from revops_site.kernel.filters import Filters
from revops_site.kernel.fragments.frame import Frame
from revops_site.kernel.models import User
from revops_site.kernel.pages import Visit, head
from revops_site.kernel.panels import Page
from revops_site.kernel.periods import quarter_label
from revops_site.kernel.permissions import may
from revops_site.kernel.queries import sharing

URL = "/pipeline/what-if/"
PAGE = Page(
    slug="what-if",
    title="What if",
    url=URL,
    panels=(),
    datasets=DATASETS,
    dimensions=OPEN,
    choices=queries.choices,
    default_period="this_quarter",
    dated=False,
    quarterly=True,
)
PARTS = {"panels": "_panels.html", "what-if": "pipeline/_whatif_result.html"}


NOTHING = {
    "template": "_panel.html",
    "slug": "what-if",
    "width": "col-12",
    "title": "What if",
    "state": "empty",
    "why": "It is asked of deals, and needs a file of pipeline_deals.",
}


@dataclass(frozen=True)
class Look(Visit):
    """A look at the page whose every address carries what is assumed."""

    state: tuple[tuple[str, str], ...] = ()

    @property
    def frame(self) -> Frame:
        """What the parts of the page are drawn in."""
        return deals.with_state(super().frame, self.state)


def context(
    visit: Visit, reader: User | AnonymousUser, asked: Asked, token: str, said: Mapping[str, Any]
) -> dict[str, Any]:
    """What the page prints, and ``address``, the one address of what it shows.

    ``token`` is what its posts have to carry, ``said`` what could not be done with a scenario, as
    ``kept.shown`` takes it.
    """
    if visit.frame.empty:
        found = head.context(visit, [*tabs.beside(visit), NOTHING])
        return {**found, "panel": NOTHING, "address": visit.frame.address()}
    with sharing():
        own = scenarios.kept_for(reader)
        is_open, other = (kept.chosen(own, one) for one in (asked.scenario, asked.other))
        asked = replace(
            asked,
            scenario=is_open.id if is_open else None,
            other=other.id if other else None,
        )
        searched = scenarios.matching(visit.slice_, asked.q) if asked.q else ()
        one = scene(visit.slice_, asked, searched)
        look = Look(**vars(visit), state=tuple(asked.pairs(one.entries)))
        frame = look.frame
        listed = deals.lines(one, asked, searched, frame)
        result = _result(one, asked, is_open, other, frame, listed["page"])
        scenes = kept.shown(own, is_open, one, asked, frame, {**said, "csrf_token": token})
        result["open"] = scenes["open"]
        may_share = isinstance(reader, User) and may(reader, "share scenarios")
        parts = [
            *tabs.beside(visit),
            result,
            {**listed, "template": "pipeline/_whatif_deals.html", "now": result["now"]},
            {**scenes, "template": "pipeline/_whatif_kept.html", "may_share": may_share},
        ]
        return {
            **head.context(look, parts),
            "reset_url": replace(frame, asked=Filters()).address(),
            "panel": {**result, "is_alone": True},
            "address": frame.address(kept=(*look.state, *_page(listed["page"]))),
        }


def content(visit: Visit, asked: Asked) -> tuple[dict[str, Any], str]:
    """What is kept of a scenario beside its name; and why it cannot be kept, "" where it can."""
    with sharing():
        one = scene(visit.slice_, asked)
        return {
            "quarter": quarter_label(one.slice_.quarter.start, one.slice_.first_month),
            "assumptions": one.entries,
            "filters": visit.asked.replace(as_of=None).to_query(),
            "as_of": one.slice_.as_of,
            "figures": figures.values(one),
            "currency": one.slice_.currency,
        }, " ".join(deals.sentences(one.problems, one.entries))


def way_to(visit: Visit, reader: User | AnonymousUser, scenario_id: int) -> str | None:
    """The address of a scenario with what it assumes of deals that the reader may see.

    None where the reader may not open it.
    """
    found = kept.chosen(scenarios.kept_for(reader), scenario_id)
    if found is None:
        return None
    pairs = Asked(scenario=found.id).pairs(kept.opened(found, visit.slice_))
    return f"{URL}?{'&'.join(filter(None, [found.filters, asking.query(pairs)]))}"


def files(asked: Asked) -> Page:
    """The page as its files are asked for: of the deals that are changed."""
    return replace(PAGE, panels=(deals.panel(asked),))


def _result(
    one: Scene, asked: Asked, is_open: Kept | None, other: Kept | None, frame: Frame, page: int
) -> dict[str, Any]:
    beside = figures.saved(is_open, frame)
    if other is not None:
        entries = kept.opened(other, one.slice_)
        beside = [(other.name, figures.values(scene(one.slice_, Asked(entries=entries)))), *beside]
    return {
        "template": "pipeline/_whatif_result.html",
        "notices": [*deals.sentences(one.problems, one.entries), *one.notices],
        "kpis": figures.tiles(one, frame),
        "table": figures.compared(one, frame, beside),
        "parts": figures.parts(one, frame),
        "notes": forecasts.notes(one.slice_),
        "formulas": figures.formulas(),
        "changes": deals.changes(one, asked, frame),
        "now": figures.shortly(one, frame),
        "announce": figures.said(one, frame),
        "pairs": frame.kept,
        "page": page,
        "filters": [*frame.asked.parts()],
        "reset_url": frame.address(kept=tuple(replace(asked, scenario=None).pairs({})))
        if one.entries
        else "",
    }


def _page(number: int) -> list[tuple[str, str]]:
    return [("page", str(number))] if number > 1 else []
