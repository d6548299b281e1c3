"""The one filter form of all pages: what can be chosen, what is chosen, what does not apply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from revops_site.kernel import formats
from revops_site.kernel.filters import COMPARISONS, DIMENSIONS, PERIODS, Filters
from revops_site.kernel.panels import Page
from revops_site.kernel.periods import Period

LABELS = {
    "segment": "Segment",
    "channel": "Channel",
    "campaign": "Campaign",
    "region": "Region",
    "team": "Team",
    "owner": "Owner",
}

Choices = Mapping[str, Sequence[str]]


def kept(asked: Filters, page: Page, choices: Choices) -> Filters:
    """The filters without values that the page's data do not hold, each named in a notice.

    A period that is the page's own default is left out, so that one state has one address.
    """
    notices = list(asked.notices)
    changes: dict[str, Any] = {}
    for name in DIMENSIONS:
        if name not in page.dimensions:
            continue
        unknown = [value for value in getattr(asked, name) if value not in choices[name]]
        if unknown:
            changes[name] = tuple(v for v in getattr(asked, name) if v not in unknown)
            notices += [
                f"{LABELS[name]} “{value}” is unknown; it was left out." for value in unknown
            ]
    if asked.period == page.default_period:
        changes["period"] = None
    return asked.replace(**changes, notices=tuple(notices))


def form(
    asked: Filters, page: Page, choices: Choices, url: str, shown: Period | None
) -> dict[str, Any]:
    """What ``_filters.html`` prints; custom dates start from the period that is ``shown``."""
    return {
        "action": url,
        "selects": [
            _select("period", "Period", PERIODS, asked.period or page.default_period),
            _select("compare", "Compare with", COMPARISONS, asked.compare),
        ],
        "start": shown.start.isoformat() if shown else "",
        "end": shown.last_day.isoformat() if shown else "",
        "picks": [
            _pick(name, choices[name], getattr(asked, name))
            for name in DIMENSIONS
            if name in page.dimensions and choices[name]
        ],
        "hidden": _hidden(asked, page),
        "active": asked.active,
        "reset_url": url,
    }


def chips(asked: Filters, page: Page, url: str) -> list[dict[str, str]]:
    """One chip per filter in force, with the address that takes it away."""
    shown = []
    for name in DIMENSIONS:
        for value in getattr(asked, name):
            text = value if name in page.dimensions else f"{value} (not applied to {page.title})"
            shown.append(_chip(LABELS[name], text, asked.without(name, value), url))
    if asked.as_of:
        day = formats.show(asked.as_of, "date")
        shown.append(_chip("As of", day, asked.replace(as_of=None), url))
    return shown


def _select(name: str, label: str, options: Mapping[str, str], chosen: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "options": [
            {"value": value, "label": text, "selected": value == chosen}
            for value, text in options.items()
        ],
    }


def _pick(name: str, values: Sequence[str], chosen: Sequence[str]) -> dict[str, Any]:
    return {
        "name": name,
        "label": LABELS[name],
        "options": [
            {"value": value, "label": value, "checked": value in chosen} for value in values
        ],
        "chosen": len(chosen),
        "applies": True,
        "why_not": "",
    }


def _hidden(asked: Filters, page: Page) -> list[tuple[str, str]]:
    """What the form must carry along though this page has no control for it."""
    carried = [
        (name, value)
        for name in DIMENSIONS
        if name not in page.dimensions
        for value in getattr(asked, name)
    ]
    if asked.as_of:
        carried.append(("as_of", asked.as_of.isoformat()))
    return carried


def _chip(label: str, value: str, without: Filters, url: str) -> dict[str, str]:
    query = without.to_query()
    address = f"{url}?{query}" if query else url
    return {"label": label, "value": value, "remove_url": address}
