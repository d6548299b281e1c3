"""The one filter form of all pages: what can be chosen, what is chosen, what does not apply."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import urlencode

from revops_site.kernel import choosing, formats, owners
from revops_site.kernel.filters import (
    COMPARISONS,
    DIMENSIONS,
    LIMITS,
    OPTIONS,
    PERIODS,
    Allowed,
    Filters,
)
from revops_site.kernel.panels import Page
from revops_site.kernel.periods import Period

LABELS = {
    "segment": "Segment",
    "channel": "Channel",
    "campaign": "Campaign",
    "region": "Region",
    "team": "Team",
    "owner": "Owner",
    "pipeline": "Pipeline",
    "stage": "Stage",
    "plan": "Plan",
    "reason": "Reason",
}
LIMIT_LABELS = {
    "min_days": "Days in stage from",
    "min_amount": "Amount from",
    "lookback_days": "Lookback, days",
    "half_life_days": "Half-life, days",
}
OPTION_LABELS = {"by": "Counted by", "model": "Model"}

Labels: TypeAlias = Mapping[str, str]
Choices: TypeAlias = Mapping[str, Labels]


def choices(page: Page, allowed: Allowed, generation: int) -> Choices:
    """What each filter can be set to, value → label: the page's own, and the people one may see."""
    own = {name: _labelled(found) for name, found in page.choices(generation).items()}
    people = owners.people(allowed, generation)
    return {name: {**people, **own}.get(name, {}) for name in DIMENSIONS}


def kept(asked: Filters, page: Page, choices: Choices) -> Filters:
    """The filters without values that nobody could choose, each named in a notice.

    A period that is the page's own default is left out, so that one state has one address.
    """
    notices = list(asked.notices)
    changes: dict[str, Any] = {}
    for name in DIMENSIONS:
        if name not in page.dimensions and not choices[name]:
            continue  # another page's filter, which nobody can judge here
        unknown = [value for value in getattr(asked, name) if value not in choices[name]]
        if unknown:
            changes[name] = tuple(v for v in getattr(asked, name) if v not in unknown)
            notices += [
                f"{LABELS[name]} “{value}” is unknown; it was left out." for value in unknown
            ]
    for name, offered in page.options.items():
        chosen = getattr(asked, name)
        if chosen is not None and chosen not in offered:
            notices.append(f"{OPTION_LABELS[name]} “{chosen}” is unknown; showing the default.")
        if chosen not in list(offered)[1:]:
            changes[name] = None
    if asked.period == page.default_period:
        changes["period"] = None
    return asked.replace(**changes, notices=tuple(notices))


def form(
    asked: Filters,
    page: Page,
    choices: Choices,
    url: str,
    shown: Period | None,
    more: Sequence[Mapping[str, Any]] = (),
    searched: Collection[str] = ("owner",),
) -> dict[str, Any]:
    """What ``_filters.html`` prints; custom dates start from the period that is ``shown``.

    ``more`` are choices that stand before the period. Of the filters that are ``searched`` where
    they have many values, some are listed; without a ``url``, where nobody can look for one, all.
    """
    period = asked.period or page.default_period
    compare = _select("compare", "Compare with", COMPARISONS, asked.compare)
    return {
        "action": url,
        "selects": [
            *more,
            *([_select("period", "Period", _periods(page), period)] if page.dated else []),
            *([compare] if page.dated and page.compared else []),
            *(_option(name, offered, asked) for name, offered in page.options.items()),
        ],
        "start": shown.start.isoformat() if shown else "",
        "end": shown.last_day.isoformat() if shown else "",
        "picks": [
            _pick(name, choices[name], asked, page, url if name in searched else "")
            for name in DIMENSIONS
            if choices[name] and name not in page.always
        ],
        "limits": [_limit(name, default, asked) for name, default in page.limits.items()],
        "hidden": _hidden(asked, page, choices),
        "active": asked.active,
        "reset_url": url,
    }


def _periods(page: Page) -> Mapping[str, str]:
    """The periods; first of all that of each panel, where the page has none of its own."""
    return PERIODS if page.default_period else {"": "As on each page", **PERIODS}


def chips(asked: Filters, page: Page, choices: Choices, url: str) -> list[dict[str, str]]:
    """One chip per filter in force, with the address that takes it away."""
    shown = []
    for name in DIMENSIONS:
        note = "" if name in page.dimensions else f" (not applied to {page.title})"
        for value in getattr(asked, name):
            text = f"{choices[name].get(value, value)}{note}"
            shown.append(_chip(LABELS[name], text, asked.without(name, value), url))
    for name in LIMITS:
        if (limit := getattr(asked, name)) is not None:
            note = "" if name in page.limits else f" (not applied to {page.title})"
            without = asked.replace(**{name: None})
            shown.append(_chip(LIMIT_LABELS[name], f"{limit:,}{note}", without, url))
    for name in OPTIONS:
        if (chosen := getattr(asked, name)) is not None:
            note = "" if name in page.options else f" (not applied to {page.title})"
            text = f"{page.options.get(name, {}).get(chosen, chosen)}{note}"
            without = asked.replace(**{name: None})
            shown.append(_chip(OPTION_LABELS[name], text, without, url))
    if asked.quarter:
        note = "" if page.quarterly else f" (not applied to {page.title})"
        text = f"{asked.quarter[4:]} {asked.quarter[:4]}{note}"
        shown.append(_chip("Quarter", text, asked.replace(quarter=None), url))
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


def _limit(name: str, default: int, asked: Filters) -> dict[str, Any]:
    chosen = getattr(asked, name)
    return {"name": name, "label": LIMIT_LABELS[name], "value": chosen, "default": default}


def _option(name: str, offered: Mapping[str, str], asked: Filters) -> dict[str, Any]:
    chosen = getattr(asked, name) or next(iter(offered))
    return _select(name, OPTION_LABELS[name], offered, chosen)


def _hidden(asked: Filters, page: Page, choices: Choices) -> list[tuple[str, str]]:
    """What the form has no field for but has to keep: it may be another page's filter."""
    kept = [("as_of", asked.as_of.isoformat())] if asked.as_of else []
    unseen = [name for name in DIMENSIONS if not choices[name] or name in page.always]
    kept += [(name, value) for name in unseen for value in getattr(asked, name)]
    limits = [(name, getattr(asked, name)) for name in LIMITS if name not in page.limits]
    limits += [(name, getattr(asked, name)) for name in OPTIONS if name not in page.options]
    own = () if page.dated else ("period", "start", "end")
    limits += [(name, getattr(asked, name)) for name in own]
    is_offered = page.dated and page.compared
    limits += [] if is_offered or asked.compare == "previous" else [("compare", asked.compare)]
    limits += [] if page.quarterly else [("quarter", asked.quarter)]
    said = [(name, str(value)) for name, value in limits if value is not None]
    return [*kept, *said, *page.own]


def _pick(
    name: str, known: Mapping[str, str], asked: Filters, page: Page, url: str
) -> dict[str, Any]:
    """One filter; of many values some, and where one looks for others, if ``url`` brings them."""
    applies, chosen = name in page.dimensions, getattr(asked, name)
    is_searched = url and len(known) > choosing.FEW
    offered = choosing.offered(known, chosen) if is_searched else choosing.Offered(known, 0)
    noun = LABELS[name].lower()
    return {
        "name": name,
        "label": LABELS[name],
        "options": [
            {"value": value, "label": label, "checked": value in chosen}
            for value, label in offered.options.items()
        ],
        "chosen": len(chosen),
        "applies": applies,
        "why_not": "" if applies else f"{page.title} has no {name}; other pages apply it.",
        "back": _address(asked, page, url) if is_searched else "",
        "finds": choosing.title(noun),
        "says": choosing.says(noun, offered),
    }


def _address(asked: Filters, page: Page, url: str) -> str:
    """Where the page stands with these filters."""
    query = "&".join(filter(None, (asked.to_query(), urlencode(page.own, errors="replace"))))
    return f"{url}?{query}" if query else url


def _labelled(values: Sequence[str] | Mapping[str, str]) -> Mapping[str, str]:
    """Value → label: a value without a label is its own."""
    return values if isinstance(values, Mapping) else {value: value for value in values}


def _chip(label: str, value: str, without: Filters, url: str) -> dict[str, str]:
    query = without.to_query()
    address = f"{url}?{query}" if query else url
    return {"label": label, "value": value, "remove_url": address}
