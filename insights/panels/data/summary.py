"""The Data page in four figures: may one trust today's numbers?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from insights.panels.data.look import Look, Part, part
from insights.panels.data.quality import counts
from insights.panels.data.sources import Source, sources
from insights.panels.data.work import verdict
from insights.queries.jobs import queue
from insights.queries.quality import Check, Counts

if TYPE_CHECKING:
    from revops_site.kernel.datasets import Dataset

MOST_NAMES = 3


def the_summary(look: Look, datasets: Sequence[Dataset], checks: Sequence[Check]) -> Part:
    """Four headline figures, each with what is behind it in words."""

    def made() -> Part:
        found = sources(look, datasets)
        known = counts(look, checks)
        return {"tiles": [_fresh(found), _refused(found), _quality(checks, known), _worker(look)]}

    return part(look, "data-summary", "Headline figures", made)


def head(look: Look, datasets: Sequence[Dataset]) -> dict[str, str]:
    """The line under the title, and the pill beside it."""
    found = sources(look, datasets)
    loaded = [one.age.loaded_at for one in found if one.age.loaded_at]
    if not loaded:
        return {"state": "empty", "detail": "Nothing was loaded yet"}
    stale = sum(one.state in {"stale", "future"} for one in found)
    newest = f"last load {look.written(max(loaded))}"
    if not stale:
        return {"state": "fresh", "detail": f"All up to date, {newest}"}
    named = "1 dataset is" if stale == 1 else f"{stale} datasets are"
    return {"state": "stale", "detail": f"{named} not up to date, {newest}"}


def _tile(label: str, value: str, note: str) -> dict[str, Any]:
    return {"label": label, "value": value, "note": note}


def _fresh(found: Sequence[Source]) -> dict[str, Any]:
    dated = [one for one in found if one.days is not None or one.state == "future"]
    good = [one for one in dated if one.state == "fresh"]
    bad = [one.dataset.name for one in dated if one.state != "fresh"]
    never = sum(one.state == "never" for one in found)
    note = f"Not so: {_names(bad)}." if bad else ""
    if never:
        note = f"{note} {never} never loaded.".strip()
    return _tile("Datasets up to date", f"{len(good)} of {len(dated)}", note)


def _refused(found: Sequence[Source]) -> dict[str, Any]:
    rows = {one.dataset.name: one.age.newest.refused for one in found if one.age.newest}
    names = [name for name, refused in rows.items() if refused]
    note = f"In the newest load of {_names(names)}." if names else "In no dataset's newest load."
    return _tile("Rows refused", f"{sum(rows.values()):,}", note)


def _quality(checks: Sequence[Check], known: Counts | None) -> dict[str, Any]:
    if known is None or not known.by_slug:
        return _tile("Checks that found something", "—", "Nothing was counted yet.")
    severity = {one.slug: one.severity for one in checks}
    bad = [slug for slug, count in known.by_slug.items() if count.found]
    wrong = sum(severity.get(slug) == "wrong" for slug in bad)
    note = f"{wrong} of them make numbers wrong." if wrong else "None makes numbers wrong."
    return _tile("Checks that found something", f"{len(bad)} of {len(known.by_slug)}", note)


def _worker(look: Look) -> dict[str, Any]:
    found = queue(look.now)
    says = verdict(look, found)
    waiting = "1 job waits" if found.waiting == 1 else f"{found.waiting:,} jobs wait"
    failed = f"{found.failed:,} failed" if found.failed else "none failed"
    note = f"{waiting}, {failed}." if found.workers else f"{says['says']} {waiting}."
    return _tile("Worker", "Running" if found.workers else "Not running", note)


def _names(names: Sequence[str]) -> str:
    """A few of them, and how many more."""
    few, more = ", ".join(names[:MOST_NAMES]), len(names) - MOST_NAMES
    return f"{few} and {more} more" if more > 0 else few
