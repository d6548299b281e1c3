"""The page on which a source is connected, tried, and told what its words mean here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from insights.panels.connecting import mapped, tried
from insights.panels.data.asked import Asked
from insights.panels.data.look import Look, look
from insights.panels.data.tables import Column, Row, number, table, unknown
from insights.panels.syncs.page import the_parts, took
from insights.panels.syncs.words import moment, told
from insights.queries import connecting as queries
from insights.queries.syncs import interval, runs, standing
from revops_site.kernel.fragments.tables import Cell
from revops_site.kernel.models import SyncRun
from revops_site.kernel.sources import Source

MOST_RUNS = 20
RUNS = (
    Column("asked", "Asked for", sorts=False),
    Column("state", "State", sorts=False),
    Column("what", "What", sorts=False),
    Column("records", "Records", numeric=True, sorts=False),
    Column("changed", "Rows changed", numeric=True, sorts=False),
    Column("requests", "Requests", numeric=True, sorts=False),
    Column("took", "It took", numeric=True, sorts=False),
    Column("why", "What went wrong", sorts=False),
)
STATES = {
    SyncRun.Status.QUEUED: ("Waiting", "muted", "clock"),
    SyncRun.Status.IN_PROGRESS: ("Running", "muted", "retry"),
    SyncRun.Status.SUCCESS: ("Done", "good", "ok"),
    SyncRun.Status.FAILED: ("Failed", "bad", "bad"),
}
Given = Mapping[str, str]


def page(
    source: Source,
    *,
    given: Given | None = None,
    problems: Mapping[str, str] | None = None,
    secret: str = "",
    origin: str = "",
) -> dict[str, Any]:
    """The page; ``given`` is what a form said that was refused for ``problems``.

    ``secret`` is the password of a webhook that was just made, which is shown this once.
    """
    here = look(reverse("insights:source", args=[source.name]), Asked.parse(""))
    known, now = queries.setting(source.name), standing(source)
    filled = given or {}
    return {
        "title": source.label,
        "source": source,
        "url": here.url,
        "version": known.version,
        "problems": _problems(problems or {}),
        "wrong": {name for name in problems or {} if name},
        "standing": told(now, here.workspace, counts=True),
        "parts": the_parts(here, now, counts=True) if now.parts else None,
        "setting": known,
        "company": filled.get("company", known.host),
        "asks_to_mix": "mixes" in (problems or {}),
        "every": int(interval().total_seconds() // 60),
        "currency": filled.get("currency", known.currency),
        "own_currency": here.workspace.reporting_currency,
        "runs": _runs(here, source),
        "hook": _hook(here, source, secret, origin),
        **state(source, here),
        **mapped.forms(queries.outline(source.name), known.mapping, filled, problems or {}),
    }


def state(source: Source, here: Look | None = None) -> dict[str, Any]:
    """What becomes of the newest trial; it changes by itself."""
    here = here or look(reverse("insights:source", args=[source.name]), Asked.parse(""))
    trial, known = queries.newest_trial(source.name), queries.setting(source.name)
    return {
        "trial": tried.report(here, source, trial, known),
        "setting": known,
        "version": known.version,
        "url": here.url,
        "state_url": reverse("insights:source_state", args=[source.name]),
    }


def _problems(problems: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"at": name.replace(":", "-"), "says": says} for name, says in problems.items()]


def _hook(here: Look, source: Source, secret: str, origin: str) -> dict[str, Any]:
    kept = queries.hook(source.name)
    return {
        "is_made": kept is not None,
        "secret": secret,
        "name": source.name,
        "address": f"{origin}{reverse('insights:hook', args=[source.name])}",
        "made": here.written(kept.made_at) if kept else "",
        "heard": here.written(kept.heard_at) if kept and kept.heard_at else "",
    }


def _runs(here: Look, source: Source) -> dict[str, Any] | None:
    found = runs(source, MOST_RUNS)
    if not found:
        return None
    rows = [_run(here, source, one) for one in found]
    caption = f"The newest {len(rows)} syncs of {source.label}."
    return table(here, "sync-runs", caption, RUNS, rows, whole=True)


def _run(here: Look, source: Source, one: SyncRun) -> Row:
    word, tone, icon = STATES[SyncRun.Status(one.status)]
    labels = {entity.name: entity.label for entity in source.entities}
    what = _listed([labels.get(name, name) for name in one.entities or ()]) or "All that is due"
    if one.is_full:
        what = f"{what}, anew"
    elif one.is_reconcile:
        what = f"{what}, looking for what is gone"
    lasted = one.finished_at - one.started_at if one.finished_at and one.started_at else None
    return [
        Cell(
            moment(one.asked_at, here.workspace, here.now),
            iso=one.asked_at.isoformat(),
            more=f"by {one.by}" if one.by else "on schedule",
        ),
        Cell(word, tone=tone, icon=icon),
        Cell(what, wraps=True),
        number(one.records),
        number(one.changed),
        number(one.requests),
        Cell(took(round(lasted.total_seconds() * 1000)), numeric=True)
        if lasted is not None
        else unknown(numeric=True),
        Cell(one.message, wraps=True),
    ]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
