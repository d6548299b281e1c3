"""What a 1:1 has to talk about: what became of the rep's figures, deals and work since the last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from coaching import metrics
from coaching.panels import figures, ledgers
from coaching.panels.rep import address, drivers
from coaching.queries import since
from coaching.queries.people import Person
from coaching.queries.since import Happened
from pipeline.panels.deal import address as of_deal
from pipeline.panels.health import known
from pipeline.queries import standing
from revops_site.kernel import explain, formats, freshness
from revops_site.kernel.filters import Allowed, Filters, Slice, narrow
from revops_site.kernel.metrics import Metric, Operands, measure
from revops_site.kernel.periods import Period, fiscal_quarter, plus
from revops_site.kernel.queries import workspace

MOST = 5  # lines of a part: more do not fit on a page
BANDS = ("Healthy", "Monitor", "At Risk", "Critical")
AT_RISK = BANDS[2:]
FIELDS = ("deal_id", "deal_name", "value", "health_score", "health_category", "heeded_display")
TITLES: Mapping[str, tuple[str, str]] = {
    "won": ("Won", "Nothing was won."),
    "lost": ("Lost", "Nothing was lost."),
    "slipped": ("Slipped out of the quarter", "No deal left the quarter."),
    "pushed": ("Pushed within it", "No other expected close was moved."),
}
TONES = {"won": "good", "lost": "bad", "slipped": "bad", "pushed": "warn"}
Line = Mapping[str, str]
Part = Mapping[str, Any]


def of(rep_id: str, allowed: Allowed, day: date | None) -> Slice:
    """The slice of a rep as of a day, else of the data's last."""
    at = workspace()
    last = standing.last_day() or freshness.stamp(at)
    return narrow(
        Filters(owner=(rep_id,), as_of=day),
        allowed,
        last,
        first_month=at.fiscal_year_start_month,
        currency=at.reporting_currency,
        default_period="this_year",
    )


def quarter_before(slice_: Slice) -> date:
    """The last day of the fiscal quarter before the slice's day: a first 1:1 begins after it."""
    return plus(fiscal_quarter(slice_.as_of, slice_.first_month).start, -1)


def drawn(slice_: Slice, whose: Person, after: date) -> Mapping[str, Any]:
    """What ``_agenda.html`` prints: {figures, parts, is_new: whether any day has passed since}."""
    days = Period(min(plus(after, 1), plus(slice_.as_of, 1)), plus(slice_.as_of, 1))
    window = replace(slice_, period=days, compare=None)
    found = since.happened(window) if days.days else ()
    return {
        "figures": _figures(slice_, whose, after),
        "parts": [
            *(_deals(kind, found, window) for kind in TITLES),
            _at_risk(slice_, after),
            _work(slice_, whose, days),
            _drivers(slice_, whose),
        ],
        "is_new": bool(days.days),
        "then": formats.show(after, "date"),
        "now": formats.show(slice_.as_of, "date"),
    }


def _figures(slice_: Slice, whose: Person, after: date) -> Sequence[Mapping[str, Any]]:
    """Attainment, pace and coverage as of the last 1:1 and now, each with its explanation."""
    then = slice_.at(min(after, slice_.as_of), slice_.period)
    asked: Sequence[tuple[Metric, Callable[[Slice], Operands]]] = (
        (metrics.ATTAINMENT, ledgers.year),
        (metrics.PACE, ledgers.quarter),
        (metrics.COVERAGE, ledgers.cover),
    )
    return [
        {
            "label": metric.label,
            "then": _figure(metric, operands, then, whose),
            "now": _figure(metric, operands, slice_, whose),
        }
        for metric, operands in asked
    ]


def _figure(
    metric: Metric, operands: Callable[[Slice], Operands], slice_: Slice, whose: Person
) -> Mapping[str, str]:
    value = measure(metric, operands(slice_)).value
    query = Filters(period="this_year", owner=(whose.rep_id,), as_of=slice_.as_of).to_query()
    return {
        "text": formats.screen(formats.show(value, metric.show, slice_.currency)),
        "url": explain.address(metric, query),
    }


def _deals(kind: str, found: Sequence[Happened], window: Slice) -> Part:
    """Deals to which one thing happened, the largest first, and the way to all of them."""
    title, nothing = TITLES[kind]
    those = [one for one in found if one.kind == kind]
    known_sizes = [one.size for one in those if one.size is not None]
    return {
        "slug": kind,
        "title": title,
        "sum": _money(sum(known_sizes), window) if known_sizes else "",
        "count": len(those),
        "tone": TONES[kind],
        "lines": [_deal(one, window) for one in those[:MOST]],
        "more": max(0, len(those) - MOST),
        "url": _changes(kind, window),
        "nothing": nothing,
    }


def _deal(one: Happened, window: Slice) -> Line:
    told = one.told
    if one.new:
        told = f"{_day(one.old)} → {_day(one.new)}"
    return {
        "text": one.name,
        "url": of_deal(one.deal_id),
        "value": _money(one.size, window),
        "told": told or _day(one.day.isoformat()),
    }


def _changes(kind: str, window: Slice) -> str:
    """The page of all that changed, narrowed to the rep, the days and the kind."""
    days = window.period
    if days is None or not days.days:
        return ""
    asked = Filters(period="custom", start=days.start, end=days.last_day, owner=window.owner)
    flag = {"slipped": "pushed"}.get(kind, kind)
    return f"/changes/?{asked.to_query()}&{urlencode({'flag': flag})}"


def _at_risk(slice_: Slice, after: date) -> Part:
    """Open deals that fell into a worse band, and are at risk or critical now."""
    now = list(known.scored(slice_).filter(health_category__in=AT_RISK).values(*FIELDS))
    then = {
        row["deal_id"]: row
        for row in known.scored(slice_.at(min(after, slice_.as_of))).values(*FIELDS)
    }
    fallen = [
        (row, then[row["deal_id"]])
        for row in now
        if row["deal_id"] in then and _rank(row) > _rank(then[row["deal_id"]])
    ]
    fallen.sort(key=lambda pair: (-_rank(pair[0]), -float(pair[0]["value"] or 0)))
    query = urlencode([("owner", one) for one in slice_.owner])
    return {
        "slug": "at-risk",
        "title": "Newly at risk",
        "sum": "",
        "count": len(fallen),
        "tone": "bad",
        "lines": [
            {
                "text": row["deal_name"],
                "url": of_deal(row["deal_id"]),
                "value": _money(row["value"], slice_),
                "told": f"health {before['health_score']} → {row['health_score']}"
                + (f": {row['heeded_display']}" if row["heeded_display"] else ""),
            }
            for row, before in fallen[:MOST]
        ],
        "more": max(0, len(fallen) - MOST),
        "url": f"/pipeline/health/?{query}",
        "nothing": "No deal fell into a worse band of health.",
    }


def _rank(row: Mapping[str, Any]) -> int:
    return BANDS.index(row["health_category"]) if row["health_category"] in BANDS else 0


def _work(slice_: Slice, whose: Person, days: Period) -> Part:
    """What was done in the days, beside as many days before."""
    own = figures.one_activity(slice_, whose.rep_id, days)
    before = figures.one_activity(slice_, whose.rep_id, days.shifted(-days.days))
    kinds = ", ".join(f"{n:,} {_counted(kind, n)}" for kind, n in own.counts.items() if n)
    daily = formats.show(own.avg_daily_activities, "decimal1")
    told = formats.show(before.avg_daily_activities, "decimal1")
    lines = [
        {
            "text": f"{own.total_activities:,} completed, {daily} a working day",
            "url": f"{address(whose.rep_id)}#panel-rep-activity",
            "value": "",
            "told": f"{kinds}; {told} a day in as many days before" if kinds else "",
        }
    ]
    return {
        "slug": "work",
        "title": "Activity",
        "sum": "",
        "count": own.total_activities,
        "tone": "",
        "lines": lines if own.total_activities or before.total_activities else [],
        "more": 0,
        "url": "",
        "nothing": "Nothing was completed, nor in as many days before.",
    }


NOUNS = {"email": "e-mail"}


def _counted(kind: str, n: int) -> str:
    noun = NOUNS.get(kind, kind)
    return noun if n == 1 else f"{noun}s"


def _drivers(slice_: Slice, whose: Person) -> Part:
    """In what the rep differs from top performers by more than chance would make of it."""
    rows = drivers.frame(slice_, whose).to_dict("records")
    told = [row for row in rows if row["verdict"] in {drivers.DRIVER, drivers.AHEAD}]
    return {
        "slug": "drivers",
        "title": "Drivers, this fiscal year",
        "sum": "",
        "count": len(told),
        "tone": "",
        "lines": [
            {
                "text": f"{row['verdict']}: {row['metric_label'].lower()}",
                "url": f"{address(whose.rep_id)}#panel-rep-drivers",
                "value": str(row["rep_text"]),
                "told": f"top performers {row['top_text']}",
            }
            for row in told[:MOST]
        ],
        "more": max(0, len(told) - MOST),
        "url": f"{address(whose.rep_id)}#panel-rep-drivers",
        "nothing": "Nothing differs from top performers by more than chance would make of it.",
    }


def _money(value: Any, slice_: Slice) -> str:
    number = None if value is None else float(value)
    return formats.screen(formats.show(number, "amount_auto", slice_.currency))


def _day(iso: str) -> str:
    return formats.show(date.fromisoformat(iso), "date")
