"""Whether the numbers stand still between loads: what the last check compared, and its alarms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from insights.panels.data.look import Look, Part, part
from insights.panels.data.tables import Column, Row, table
from insights.queries import numbers
from revops_site.kernel import formats
from revops_site.kernel.fragments.tables import Cell
from revops_site.kernel.metrics import Metric

SLUG = "data-numbers"
NOTHING = "The worker compares all figures within ten minutes of a load; so does check_numbers."
Named = Callable[[str], Metric | None]
COLUMNS = (
    Column("number", "Figure", sorts=False),
    Column("slice", "Of", sorts=False),
    Column("before", "Was", numeric=True, sorts=False),
    Column("after", "Is", numeric=True, sorts=False),
    Column("found", "Found", sorts=False),
    Column("checked", "Last checked before", sorts=False),
)


def the_numbers(look: Look, named: Named) -> Part:
    """What the check found; ``named`` gives the metric of a slug."""
    return part(
        look,
        SLUG,
        "Do the numbers stand still between loads?",
        lambda: _made(look, named),
        subtitle="Every figure of fixed slices is compared with the check before. One that changes "
        "though nothing was loaded, edited or synced is an alarm.",
    )


def _made(look: Look, named: Named) -> Part:
    last = numbers.standing()
    if last is None:
        return {"state": "empty", "headline": "Nothing was compared yet.", "why": NOTHING}
    found = numbers.alarms(look.now)
    figures = f"{last.numbers:,} figures of {last.slices:,} slices"
    changed = f"{last.changed:,} values differed from the check before."
    says = (
        f"{len(found):,} changed without a load in 30 days."
        if found
        else ("None changed without a load in 30 days.")
    )
    rows: list[Row] = [_row(look, one, named) for one in found]
    return {
        "says": says,
        "is_alarm": bool(found),
        "table": table(look, SLUG, says, COLUMNS, rows, whole=True) if rows else None,
        "counted": f"{figures} compared {look.written(last.checked_at)}. {changed}",
        "announce": says,
    }


def _row(look: Look, one: Any, named: Named) -> Row:
    metric = named(one.metric_slug)
    show, label = (metric.exact, metric.label) if metric else ("decimal", one.metric_slug)
    values = [
        formats.screen(formats.show(value, show, look.workspace.reporting_currency))
        for value in (one.before, one.after)
    ]
    return [
        Cell(label, href=f"/explain/{one.metric_slug}/" if metric else ""),
        Cell(one.slice_name),
        *(Cell(text, numeric=True) for text in values),
        look.moment(one.found_at),
        look.moment(one.checked_before_at),
    ]
