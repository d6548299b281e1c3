"""What an alert about unusual points would have told in the past, week by week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from insights import charts
from insights.analytics.alerting import Condition, Event, Oddity, replayed_odd
from insights.analytics.measures import OF_METRIC
from insights.queries.alerts import STEP, STEPS, Asked
from insights.queries.odd import Odd, key, odd
from revops_site.kernel import formats
from revops_site.kernel.charts import Figure, to_json
from revops_site.kernel.fragments.tables import Cell
from revops_site.kernel.unusual import address, told

COLUMNS = ("Week to", "What was unusual", "Deviations", "What happens")
WORDS = {"fires": "Fires", "resolves": "Resolves"}


def preview(of: Asked, wanted: Condition) -> dict[str, Any]:
    """What ``alert.html`` prints of its past; BrokenError where the series is not looked at."""
    seen = odd(of, OF_METRIC)
    if seen.last_day is None:
        return {"says": "There are no data to look back on yet.", "figure": "", "table": None}
    days = [seen.last_day - nth * STEP for nth in range(STEPS)][::-1]
    known = [Oddity(key(one), one.end, one.z) for one in seen.points]
    steps = replayed_odd(wanted, known, days)
    fired = [formats.show(day, "date") for day, _, event in steps if event == "fires"]
    times = {0: "would never have fired", 1: "would have fired once"}.get(
        len(fired), f"would have fired {len(fired)} times"
    )
    first, last = (formats.show(day, "date") for day in (days[0], days[-1]))
    label = f"{seen.measure.label}: robust deviations of the gravest point"
    return {
        "says": f"It {times} in {len(days)} weeks, {first} to {last}.",
        "figure": to_json(_drawn(steps, wanted, label))
        if any(then for _, then, _ in steps)
        else "",
        "label": f"{label} by week, and when the alert would have fired.",
        "table": _table([_row(seen, step, of.at.reporting_currency) for step in reversed(steps)]),
        "fired": fired,
    }


def _drawn(
    steps: Sequence[tuple[date, Sequence[Oddity], Event]], wanted: Condition, label: str
) -> Figure:
    weeks = pd.DataFrame(
        {
            "day": [day.isoformat() for day, _, _ in steps],
            "value": [max((abs(one.z) for one in then), default=0.0) for _, then, _ in steps],
            "fires": [event == "fires" for _, _, event in steps],
        }
    )
    return charts.alerts.watched(weeks, label, "decimal1", wanted.limit)


def _row(seen: Odd, step: tuple[date, Sequence[Oddity], Event], currency: str) -> list[Cell]:
    day, then, event = step
    keys = {one.key for one in then}
    points = [one for one in seen.points if key(one) in keys]
    said = [told(one, seen.measure.label, seen.measure.show, currency) for one in points]
    gravest = max((abs(one.z) for one in then), default=None)
    state = WORDS.get(event, "Still so" if then else "")
    return [
        Cell(formats.show(day, "date"), iso=day.isoformat()),
        Cell("; ".join(said) or "—", href=address(points) if points else "", wraps=True),
        Cell(formats.show(gravest, "decimal1"), numeric=True),
        Cell(state, tone="bad" if event == "fires" else "muted"),
    ]


def _table(rows: Sequence[list[Cell]]) -> dict[str, Any]:
    columns = [
        {"label": label, "numeric": label == "Deviations", "help": "", "sorted": "", "sort_url": ""}
        for label in COLUMNS
    ]
    caption = "The past weeks, the newest first."
    return {"id": "table-past", "caption": caption, "columns": columns, "rows": rows, "whole": True}
