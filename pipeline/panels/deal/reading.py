"""What a deal's notes say of end user, compliance, next step and risk, each with its quote."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from pipeline.analytics import modelled
from pipeline.analytics.reading import TOPICS, Finding, Text, read
from pipeline.panels.deal import words
from pipeline.panels.deal.places import entry
from pipeline.queries.deal import notes as written
from pipeline.queries.deal import readings, timeline
from pipeline.queries.deal.found import Told
from revops_site.kernel import clock, llm
from revops_site.kernel.queries import workspace

PATIENCE = timedelta(seconds=90)  # for so long a page that is open looks for the model's findings
SAID = {
    "off": "",
    "made": "A language model has read them, too.",
    "asked": "A language model is reading them; until it has, rules say what is found.",
    "failed": "The language model did not answer; rules say what is found.",
}


def drawn(deal_id: str, told: Told, way: Callable[..., str]) -> Mapping[str, Any]:
    """What ``_deal_reading.html`` prints of a deal with its rows.

    ``way`` gives the page's address with some parts.

    The rules' findings are there at once, the model's as soon as it has answered.
    """
    notes = [Text(*one) for one in written.texts(told)]
    rules = read(notes)
    state, kept, looks = _model(deal_id, notes)
    found = modelled.joined(rules, kept, notes)
    order = [note.note_id for note in notes]
    return {
        "topics": [
            {"label": label, "found": _found(*found[topic], order, way)}
            for topic, label in TOPICS.items()
        ],
        "has_notes": bool(notes),
        "is_cut": len(notes) == written.MOST_READ,
        "most": written.MOST_READ,
        "says": SAID[state],
        "looks_again": looks,
    }


def _model(deal_id: str, notes: list[Text]) -> tuple[str, Any, bool]:
    """How far the model is, what it found, and whether it is worth looking again soon."""
    if not notes or not readings.is_on(workspace()):
        return "off", (), False
    digest = modelled.digest(notes, llm.name(), llm.host())
    state, kept, at = readings.state(deal_id, digest)
    if state == "due":  # it is asked with this very page
        state = "failed" if llm.is_resting() else "asked"
        return state, (), state == "asked"
    is_fresh = at is not None and at > clock.now() - PATIENCE
    return state, kept if state == "made" else (), state == "asked" and is_fresh


def _found(
    one: Finding | None, is_model: bool, order: list[str], way: Callable[..., str]
) -> Mapping[str, Any] | None:
    if one is None:
        return None
    part = order.index(one.note_id) // timeline.SIZE + 1
    address = way(entries="notes", part=str(part) if part > 1 else "")
    return {
        "says": one.says,
        "quote": one.quote,
        "url": f"{address}#{entry(one.note_id)}",
        **words.moment(one.written),
        "origin": f"model: {llm.name()}" if is_model else "rule",
    }
