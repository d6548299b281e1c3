"""What stands above a change's panels: the sentence, both ends, and what may be chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from insights.analytics import why
from insights.analytics.why.tables import contributions
from insights.panels.why import numbers, reasons
from insights.panels.why.numbers import Question, Told
from revops_site.kernel import explain, formats
from revops_site.kernel.filterform import LABELS
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Measured
from revops_site.kernel.pages import Visit

NAMES = {why.PARTS: "Parts", why.MOVEMENT: "Movement", **LABELS}
ENOUGH = 0.05  # less concentrated than this is hardly concentrated at all


def card(question: Question, visit: Visit) -> Sequence[Mapping[str, Any]]:
    """What ``insights/_why.html`` prints."""
    told = numbers.told(question, visit.slice_)
    metric = question.number.metric
    story = told.by(question.by)
    return [
        {
            "template": "insights/_why.html",
            "above": True,
            "label": metric.label,
            "slug": metric.slug,
            "sentence": _sentence(question, told, story, visit),
            "ends": _ends(question, told, visit),
            "reason": told.reason,
            "nearest": _nearest(metric.slug, reasons.nearest(metric), visit)
            if story is None
            else "",
            "choices": _choices(told, story, visit),
            "chosen": _chosen(question, told, story, visit),
            "together": _together(question, story, visit),
            "form": _form(question, visit),
        }
    ]


def said(question: Question, visit: Visit) -> tuple[str, Told]:
    """The sentence of a change, "" where there is none, and what it rests on."""
    told = numbers.told(question, visit.slice_)
    return _sentence(question, told, told.by(question.by), visit), told


def _sentence(question: Question, told: Told, story: why.Story | None, visit: Visit) -> str:
    metric, now, before = question.number.metric, told.now.value, told.before
    if story is None or now is None or before is None or before.value is None:
        return ""
    currency = visit.slice_.currency
    found = contributions(story, numbers.words(question.number))
    return why.sentence(metric, before.value, now, found, currency)


def _ends(question: Question, told: Told, visit: Visit) -> Sequence[Mapping[str, str]]:
    """Both ends, each with its days and the way to its rows."""
    ledger = question.number.ledger
    found = []
    if told.compared is not None:
        found.append(_end("Before", told.before, ledger, told.compared, visit, is_other=True))
    found.append(_end("Now", told.now, ledger, visit.slice_, visit))
    return found


def _end(
    name: str,
    end: Measured | None,
    ledger: explain.Ledger,
    slice_: Slice,
    visit: Visit,
    *,
    is_other: bool = False,
) -> Mapping[str, str]:
    asked = visit.frame.dated
    if is_other and slice_.period is not None:
        first, last = slice_.period.start, slice_.period.last_day
        asked = asked.replace(
            period="custom", start=first, end=last, as_of=slice_.as_of, quarter=None
        )
    value = end.value if end else None
    return {
        "name": name,
        "window": numbers.window(ledger, slice_),
        "value": _text(end, visit),
        "plain": "" if value is None else f"{value:.15g}",
        "url": explain.address(end.metric, asked.to_query()) if end else "",
    }


def _text(end: Measured | None, visit: Visit) -> str:
    if end is None:
        return formats.UNKNOWN
    return formats.screen(formats.show(end.value, end.metric.exact, currency=visit.slice_.currency))


def _nearest(own: str, slug: str, visit: Visit) -> str:
    query = visit.frame.dated.to_query()
    return f"/why/{slug}/?{query}" if slug and slug != own else ""


def _choices(told: Told, story: why.Story | None, visit: Visit) -> Sequence[Mapping[str, Any]]:
    """The ways to take it apart, each with its address."""
    own = [pair for pair in visit.page.own if pair[0] != "by"]
    return [
        {
            "name": name,
            "label": NAMES[name],
            "url": visit.frame.address(kept=[*([("by", name)] if name != told.best else []), *own]),
            "current": story is not None and story.dimension == name,
            "is_best": name == told.best,
        }
        for name in told.stories
    ]


def _chosen(question: Question, told: Told, story: why.Story | None, visit: Visit) -> str:
    """Why it is taken apart by this."""
    if story is None:
        return ""
    name = NAMES[story.dimension].lower()
    if story.dimension == why.PARTS:
        return "By the parts of its formula, one beside the other."
    if story.dimension == why.MOVEMENT:
        return "By what moved it from the one day to the other."
    others = len([one for one in told.stories.values() if one.is_grouped])
    index = why.concentration(story)
    most = _most(story, numbers.words(question.number))
    if story.dimension != told.best:
        return f"By {name}, as chosen. {most}."
    if others < 2:
        return f"By {name}. {most}."
    if index < ENOUGH:
        return f"By {name}, the best of {others} ways to group it, though all groups did alike."
    return f"By {name}: of {others} ways to group it, the one in which the fewest did most. {most}."


def _most(story: why.Story, known: why.Words) -> str:
    """How much of all movement the largest group has."""
    moved = [abs(story.found.of_group(nth)) for nth in range(len(story.groups))]
    largest = max(range(len(moved)), key=lambda nth: moved[nth])
    share = moved[largest] / sum(moved) if sum(moved) else 0.0
    group = known.group(story.dimension, story.groups[largest], is_rest=largest == len(moved) - 1)
    said = formats.show(share, "percent")
    return f"{group[:1].upper()}{group[1:]} alone is {said} of all that moved, up or down"


def _together(question: Question, story: why.Story | None, visit: Visit) -> str:
    if story is None:
        return ""
    largest = max((abs(part.value) for part in story.found.parts), default=0.0)
    currency = visit.slice_.currency
    return why.together(question.number.metric, story.found.together, largest, currency)


def _form(question: Question, visit: Visit) -> Mapping[str, Any]:
    """The form by which any two periods are compared."""
    kept = [*visit.asked.parts(), *(pair for pair in visit.page.own if pair[0] == "by")]
    other = numbers.compared(question, visit.slice_)
    days = other.period if other is not None else None
    return {
        "url": visit.url,
        "hidden": kept,
        "start": days.start.isoformat() if days else "",
        "end": days.last_day.isoformat() if days else "",
        "is_own": question.against is not None,
        "clear": visit.frame.address(kept=[pair for pair in visit.page.own if pair[0] == "by"]),
    }
