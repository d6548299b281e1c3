"""What the checks of the data's quality found, and how that changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from insights.panels.data.look import Look, Part, part
from insights.panels.data.tables import Column, Row, number, ordered, table, unknown
from insights.queries import quality
from insights.queries.quality import Check, Count, Counts, History
from revops_site.kernel import formats
from revops_site.kernel.fragments.tables import Cell

SLUG = "data-quality"
SEVERITIES: Mapping[str, tuple[str, str, str, int]] = {
    "wrong": ("Makes numbers wrong", "bad", "bad", 0),
    "missing": ("Leaves rows out", "warn", "warn", 1),
    "odd": ("Worth a look", "muted", "info", 2),
}
LATER = "The data have changed since: the worker counts anew within ten minutes."
NOT_YET = (
    "There are too many rows to count them while you wait; the worker counts them within ten "
    "minutes of a load."
)
NOTHING = "Load files with manage.py ingest FOLDER; then each check counts what it finds."
HEIGHT, MARGIN = 36.0, 4.0


@dataclass(frozen=True)
class Result:
    """A check with what it found, and how that went; ``change`` is against a week before."""

    check: Check
    count: Count
    history: History
    change: int | None


COLUMNS = (
    Column("check", "Check", key=lambda one: one.check.label),
    Column("severity", "What follows", key=lambda one: SEVERITIES[one.check.severity][3]),
    Column("found", "Rows", numeric=True, key=lambda one: one.count.found),
    Column("among", "Of", numeric=True, key=lambda one: one.count.total),
    Column("share", "Share", numeric=True, key=lambda one: one.count.share),
    Column("change", "In 7 days", numeric=True, key=lambda one: one.change),
    Column("trend", "13 weeks", sorts=False),
)


def counts(look: Look, checks: Sequence[Check]) -> Counts | None:
    """What the checks found: now where there is little data, else when last counted."""
    if quality.takes_long(checks, look.workspace):
        return quality.newest()
    return quality.counted_at_once(checks, look.workspace)


def results(look: Look, checks: Sequence[Check], known: Counts) -> Sequence[Result]:
    """Each check that says something, in the order of the checks and the most rows first."""
    histories = quality.histories(look.today)
    found = [_result(look, one, known, histories) for one in checks if one.slug in known.by_slug]
    return sorted(found, key=lambda one: (SEVERITIES[one.check.severity][3], -one.count.found))


def the_quality(look: Look, checks: Sequence[Check]) -> Part:
    """What the checks found, those that found nothing in a list of their own."""
    return part(
        look,
        SLUG,
        "What is wrong with the data?",
        lambda: _made(look, checks),
        subtitle="Each check leads to the rows that it found, and these to their forms.",
    )


def change(one: Result) -> Cell:
    """How the number of rows went in a week: in sign, colour and digits; less is better."""
    if one.change is None:
        return Cell("not known yet", tone="muted", numeric=True)
    if not one.change:
        return Cell("±0", icon="flat", tone="muted", numeric=True)
    more = one.change > 0
    word = "more" if more else "fewer"
    return Cell(
        f"{abs(one.change):,} {word}",
        icon="up" if more else "down",
        tone="bad" if more else "good",
        numeric=True,
    )


def counted_at(look: Look, known: Counts) -> str:
    """When it was counted, and whether the data have changed since."""
    says = f"Counted {look.written(known.at)}."
    return says if known.generation == look.workspace.generation else f"{says} {LATER}"


def _result(look: Look, check: Check, known: Counts, histories: Mapping[str, History]) -> Result:
    count = known.by_slug[check.slug]
    history = histories.get(check.slug, History(()))
    before = history.before(look.today)
    return Result(check, count, history, None if before is None else count.found - before)


def _made(look: Look, checks: Sequence[Check]) -> Part:
    known = counts(look, checks)
    if known is None:
        return {"state": "empty", "why": NOT_YET}
    if not known.by_slug:
        return {"state": "empty", "why": NOTHING}
    every = results(look, checks, known)
    some = ordered(look, COLUMNS, [one for one in every if one.count.found])
    says = f"{len(some)} of {len(every)} checks found something."
    rows = [_row(look, one) for one in some]
    return {
        "says": says,
        "table": table(look, SLUG, says, COLUMNS, rows, whole=True) if rows else None,
        "clean": [_link(one.check) for one in every if not one.count.found],
        "silent": [_silent(one) for one in checks if one.slug not in known.by_slug],
        "counted": counted_at(look, known),
        "announce": says,
    }


def _row(look: Look, one: Result) -> Row:
    check, count = one.check, one.count
    word, tone, icon, _ = SEVERITIES[check.severity]
    share = count.share or 0.0
    return [
        Cell(check.label, href=_link(check)["url"]),
        Cell(word, tone=tone, icon=icon, title=check.meaning),
        number(count.found),
        number(count.total),
        Cell(formats.show(share, "percent_auto"), numeric=True, meter={"value": share, "max": 1.0}),
        change(one),
        _trend(one),
    ]


def _trend(one: Result) -> Cell:
    """The line of the weeks, where two days at least are known."""
    known = [found for _, found in one.history.days]
    if len(known) < 2:
        return unknown(title="The trend is known from the second day on.")
    low, span = min(known), (max(known) - min(known)) or 1
    step = 100.0 / (len(known) - 1)
    points = [
        f"{nth * step:.1f} {HEIGHT - MARGIN - (value - low) / span * (HEIGHT - 2 * MARGIN):.1f}"
        for nth, value in enumerate(known)
    ]
    label = f"{len(known)} days, {known[0]:,} to {known[-1]:,}"
    return Cell("", spark={"path": f"M{'L'.join(points)}", "label": label})


def _link(check: Check) -> dict[str, Any]:
    return {"label": check.label, "url": reverse("insights:check", args=[check.slug])}


def _silent(check: Check) -> dict[str, Any]:
    needs = " and ".join(one.name for one in check.datasets)
    return {"label": check.label, "needs": needs}
