"""The form of an alert: what is asked, read from what was typed, and what it would have done."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
from django.urls import reverse

from insights import charts
from insights.analytics.alerting import CHANGES, ODD, Condition, Seen, Step, change, replayed
from insights.panels.alerts import odd
from insights.queries import alerts as kept
from insights.queries.alerts import Alert, Asked, BrokenError, Figures
from revops_site.kernel import filterform, formats, freshness
from revops_site.kernel.charts import to_json
from revops_site.kernel.filters import DIMENSIONS, Filters
from revops_site.kernel.fragments.tables import Cell
from revops_site.kernel.metrics import Metric
from revops_site.kernel.models import User
from revops_site.kernel.permissions import allowed

SECONDS = 6.0  # that somebody waits for the past
NUMBERS = ("days", "min_volume", "cooldown_days", "quiet_from", "quiet_until")
HOURS = range(24)


@dataclass(frozen=True)
class Given:
    """What was typed, word for word; ``query`` are the filters."""

    name: str = ""
    metric: str = ""
    query: str = ""
    kind: str = "below"
    limit: str = ""
    days: str = "7"
    min_volume: str = "0"
    cooldown_days: str = "7"
    mailing: str = "now"
    quiet_from: str = "20"
    quiet_until: str = "7"


def blank(given: Mapping[str, str], query: str) -> Given:
    """What the form shows: what was typed, the rest as it begins. ``query`` may hold filters."""
    names = [name for name in Given.__dataclass_fields__ if name != "query"]
    typed = {name: given[name][:200] for name in names if name in given}
    return Given(**typed, query=_filters(query).to_query())


def fields_of(one: Alert, figures: Figures) -> Given:
    """A kept alert as its form shows it."""
    found = figures.get(one.metric_slug)
    limit = one.limit * (_times(found[2], one.kind) if found else 1)
    numbers = {name: str(getattr(one, name)) for name in NUMBERS}
    return Given(
        name=one.name,
        metric=one.metric_slug,
        query=one.query,
        kind=one.kind,
        limit=f"{limit:.12g}",
        mailing=one.mailing,
        **numbers,
    )


def parsed(given: Given, figures: Figures) -> tuple[dict[str, Any], list[str]]:
    """The values that are kept, and what is wrong with what was typed."""
    wrong = []
    found = figures.get(given.metric)
    if found is None:
        wrong.append("Choose a figure.")
    limit = _decimal(given.limit)
    if limit is None:
        wrong.append("Give the limit as a number.")
    values: dict[str, Any] = {
        "name": " ".join("".join(c if c.isprintable() else " " for c in given.name).split()),
        "metric_slug": given.metric,
        "query": given.query,
        "kind": given.kind,
        "mailing": given.mailing,
        "limit": (limit or 0.0) / (_times(found[2], given.kind) if found else 1),
    }
    for name in NUMBERS:
        text = getattr(given, name).strip()
        if not (text.isascii() and text.isdigit() and len(text) < 7):
            wrong.append(f"Give {LABELS[name]} as a whole number.")
        values[name] = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    if given.kind not in Alert.Kind.values:
        wrong.append("Choose when it is to fire.")
    if found and not values["name"]:
        values["name"] = found[2].label
    return values, wrong


LABELS = {
    "days": "the days of a change",
    "min_volume": "the rows it has to rest on",
    "cooldown_days": "the days of rest",
    "quiet_from": "the start of the quiet hours",
    "quiet_until": "the end of the quiet hours",
}


def form(
    reader: User,
    given: Given,
    figures: Figures,
    *,
    one: Alert | None = None,
    problems: Sequence[str] = (),
    looks: bool = False,
) -> dict[str, Any]:
    """What ``alert.html`` prints; the past is looked at where that was asked for."""
    found = figures.get(given.metric)
    values, wrong = parsed(given, figures)
    preview, said = None, [*problems]
    if looks and not problems:
        said = wrong
        if not wrong:
            preview, said = _preview(reader, values, figures)
    metric = found[2] if found else None
    return {
        "title": f"Alert: {one.name}" if one else "New alert",
        "action": reverse("insights:alert", args=[one.pk])
        if one
        else reverse("insights:new_alert"),
        "version": one.version if one else "",
        "broken": one.why if one and one.state == Alert.State.BROKEN else "",
        "given": asdict(given),
        "problems": said,
        "groups": _groups(figures, given.metric),
        "kinds": _options(Alert.Kind.choices, given.kind),
        "mailings": _options(Alert.Mailing.choices, given.mailing),
        "unit": _unit(metric, given.kind) if metric else "",
        "from_hours": _options([(str(h), f"{h:02}:00") for h in HOURS], given.quiet_from),
        "until_hours": _options([(str(h), f"{h:02}:00") for h in HOURS], given.quiet_until),
        "narrows": _picks(reader, given, figures),
        "counts": bool(found and (found[1].counts or found[2].exact == "integer")),
        "zone": freshness.workspace().time_zone,
        "preview": preview,
        "email": reader.email,
    }


def _preview(
    reader: User, values: Mapping[str, Any], figures: Figures
) -> tuple[dict[str, Any] | None, list[str]]:
    at = freshness.workspace()
    try:
        of = kept.asked(values["metric_slug"], values["query"], reader, figures, at)
    except BrokenError as why:
        return None, [str(why)]
    asked = {name: values[name] for name in ("kind", "limit", "days", "min_volume")}
    wanted = Condition(
        **asked, cooldown_days=values["cooldown_days"], points=of.metric.change == "points"
    )
    if wanted.kind == ODD:
        try:
            return odd.preview(of, wanted), []
        except BrokenError as why:
            return None, [str(why)]
    past = kept.history(of, wanted.days if wanted.is_change else None, SECONDS)
    steps = replayed(wanted, [Seen(*one) for one in past])
    return _shown(of, wanted, steps), []


def _shown(of: Asked, wanted: Condition, steps: Sequence[Step]) -> dict[str, Any]:
    fires = [one for one in steps if one.event == "fires"]
    metric, currency = of.metric, of.at.reporting_currency
    if not steps:
        return {"says": "There are no data to look back on yet.", "figure": "", "table": None}
    first, last = (formats.show(steps[nth].seen.day, "date") for nth in (0, -1))
    times = {0: "would never have fired", 1: "would have fired once"}.get(
        len(fires), f"would have fired {len(fires)} times"
    )
    now = " It would fire now." if steps[-1].holds else ""
    says = f"It {times} in {len(steps)} weeks, {first} to {last}.{now}"
    weeks = pd.DataFrame(
        {
            "day": [one.seen.day.isoformat() for one in steps],
            "value": pd.Series([one.seen.value for one in steps], dtype="float64"),
            "fires": [one.event == "fires" for one in steps],
        }
    )
    drawn = charts.alerts.watched(
        weeks, metric.label, metric.show, None if wanted.is_change else wanted.limit
    )
    has_values = bool(weeks["value"].notna().any())
    return {
        "says": says,
        "figure": to_json(drawn) if has_values else "",
        "label": f"{metric.label} by week, and when the alert would have fired.",
        "table": _table([_row(metric, wanted, one, currency) for one in reversed(steps)]),
        "fired": [formats.show(one.seen.day, "date") for one in fires],
    }


def _row(metric: Metric, wanted: Condition, one: Step, currency: str) -> list[Cell]:
    seen = one.seen
    moved = change(wanted, seen) if wanted.is_change else None
    how = "points" if wanted.points else "percentDelta"
    event = {"fires": "Fires", "resolves": "Resolves"}.get(one.event, "")
    state = event or ("Still so" if one.holds else "")
    volume = formats.show(seen.volume, "integer")
    return [
        Cell(formats.show(seen.day, "date"), iso=seen.day.isoformat()),
        Cell(formats.screen(formats.show(seen.value, metric.exact, currency)), numeric=True),
        Cell(formats.screen(formats.show(moved, how, currency)), numeric=True),
        Cell(volume, numeric=True),
        Cell(state, tone="bad" if event == "Fires" else "muted"),
    ]


def _table(rows: Sequence[list[Cell]]) -> dict[str, Any]:
    names = (("Week to", False), ("Figure", True), ("Change", True), ("Rows", True), ("", False))
    columns = [
        {"label": label or "What happens", "numeric": numeric, "help": "", "sorted": ""}
        | {"sort_url": ""}
        for label, numeric in names
    ]
    caption = "The past weeks, the newest first."
    return {"id": "table-past", "caption": caption, "columns": columns, "rows": rows, "whole": True}


def _groups(figures: Figures, chosen: str) -> list[dict[str, Any]]:
    by_page: dict[str, list[dict[str, Any]]] = {}
    for slug, (page, _, metric) in figures.items():
        one = {"value": slug, "label": metric.label, "chosen": slug == chosen}
        by_page.setdefault(page.title, []).append(one)
    return [{"label": label, "options": options} for label, options in by_page.items()]


def _picks(reader: User, given: Given, figures: Figures) -> dict[str, Any]:
    """The filters of the figure's page that its rows know, to be ticked."""
    found = figures.get(given.metric)
    if found is None:
        return {"picks": [], "periods": [], "hidden": []}
    page, ledger, _ = found
    at = freshness.workspace()
    choices = filterform.choices(page, allowed(reader), at.generation)
    asked = Filters.parse(given.query)
    shown = filterform.form(asked, page, choices, "", None)
    picks = [one for one in shown["picks"] if one["name"] in ledger.dimensions]
    period = next((one for one in shown["selects"] if one["name"] == "period"), None)
    periods = [one for one in period["options"] if one["value"] != "custom"] if period else []
    return {"picks": picks, "periods": periods if ledger.dated else []}


def _filters(query: str) -> Filters:
    """The filters of an address that an alert may have: whom and what, over which running days."""
    asked = Filters.parse(query)
    period = None if asked.period == "custom" else asked.period
    return Filters(period=period, **{name: getattr(asked, name) for name in DIMENSIONS})


def _options(choices: Sequence[tuple[Any, Any]], chosen: str) -> list[dict[str, Any]]:
    return [{"value": v, "label": label, "chosen": str(v) == chosen} for v, label in choices]


def _times(metric: Metric, kind: str) -> float:
    """What is typed for one unit of the figure: shares and changes are typed in percent."""
    if kind in CHANGES:
        return 100.0
    if kind == ODD:
        return 1.0
    shown_in_percent = metric.show.startswith("percent") and metric.show != "percentage"
    return 100.0 if shown_in_percent else 1.0


def _unit(metric: Metric, kind: str) -> str:
    if kind in CHANGES:
        return "percentage points" if metric.change == "points" else "percent"
    if kind == ODD:
        return "robust deviations"
    if metric.show.startswith("percent"):
        return "percent"
    if metric.show.startswith(("money", "amount")):
        return freshness.workspace().reporting_currency
    return {"days": "days", "days1": "days"}.get(metric.show, "")


def _decimal(text: str) -> float | None:
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return found if math.isfinite(found) and abs(found) < 1e15 else None
