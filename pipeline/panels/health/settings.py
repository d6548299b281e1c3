"""The scorecard of the company: its form, and what would change by what was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.analytics.rejudged import Rejudged, rejudged
from pipeline.analytics.scorecard import WHOLE, Rules
from pipeline.panels import tabs
from pipeline.panels.health.fields import GROUPS, LABELS, WEIGHT, Field, published, read, typed
from pipeline.panels.health.judged import rules, weigh
from pipeline.panels.health.kept import whole_slice
from pipeline.queries import risks as known
from pipeline.queries import standing
from revops_site.kernel import formats
from revops_site.kernel.pages import Visit
from revops_site.kernel.queries import workspace

ADDRESS = "/pipeline/health/settings/"
MOST = 12
PARTS: Mapping[str, str] = {"scorecard": "pipeline/_scorecard.html"}


def page(given: Mapping[str, str] | None = None, *, error: str = "") -> dict[str, Any]:
    """The form as it stands, or as it was sent, with what would change by it.

    ``error`` is why what was sent was not saved.
    """
    own = rules()
    values = {**typed(own), **(given or {})}
    asked, errors = read(values) if given is not None else (own, {})
    held = known.newest_scorecard()
    if error:
        errors = {**errors, "whole": error}
    return {
        "title": "Scorecard",
        "scorecard": {
            "url": ADDRESS,
            "seen": str(held.pk) if held else "",
            "since": _since(held),
            "weights": [_weight(name, values, errors) for name in LABELS],
            "whole": WHOLE,
            "groups": [
                {"title": title, "fields": [_field(one, values, errors) for one in fields]}
                for title, fields in GROUPS.items()
            ],
            "errors": [{"name": name, "says": says} for name, says in errors.items()],
            "changed": bool(own.changed()),
            "preview": _preview(asked) if given and asked else None,
        },
    }


def beside(visit: Visit, *, may_change: bool) -> Sequence[Mapping[str, Any]]:
    """The tabs above the panels of health, and below them the way here for who may change it."""
    found = list(tabs.beside(visit))
    if may_change:
        link = {"template": "pipeline/_scorecard_link.html", "url": ADDRESS}
        found.append({**link, "since": _since(known.newest_scorecard())})
    return found


def asked(given: Mapping[str, str]) -> Rules | None:
    """The rules that were typed; None where anything is wrong with them."""
    return read(given)[0]


def judged_by(other: Rules) -> Rejudged | None:
    """What would change of the newest day's deals by other rules; None without any deal."""
    day = standing.last_day()
    if day is None:
        return None
    slice_ = whole_slice(day, workspace())
    found = known.inputs(slice_)
    return rejudged(weigh(found, slice_, rules()), weigh(found, slice_, other), MOST)


def _preview(other: Rules) -> dict[str, Any] | None:
    found = judged_by(other)
    if found is None:
        return None
    currency = workspace().reporting_currency
    counts = (
        (found.score, "another score"),
        (found.band, "another band"),
        (found.flags, "other flags"),
        (found.urgency, "another urgency"),
        (found.action, "another action"),
    )
    return {
        "says": f"Of {found.deals:,} open deals",
        "counts": [{"count": f"{count:,}", "what": what} for count, what in counts],
        "health": formats.show(found.health, "decimal1"),
        "health_after": formats.show(found.health_after, "decimal1"),
        "bands": [
            {
                "name": row["health_category"],
                "deals": f"{row['deals']:,}",
                "deals_after": f"{row['deals_after']:,}",
                "amount": formats.show(row["amount"], "money", currency),
                "amount_after": formats.show(row["amount_after"], "money", currency),
            }
            for row in found.bands
        ],
        "most": [_moved(row) for row in found.most],
    }


def _moved(row: Mapping[str, Any]) -> dict[str, Any]:
    gained, lost = ", ".join(row["gained"]), ", ".join(row["lost"])
    return {
        "name": row["opportunity_name"] or row["account_name"] or row["deal_id"],
        "score": _became(row["score"], row["score_after"]),
        "band": _became(row["band"], row["band_after"]),
        "urgency": _became(row["urgency"].capitalize(), row["urgency_after"].capitalize()),
        "flags": "; ".join(
            said for said in (gained and f"gains {gained}", lost and f"loses {lost}") if said
        ),
    }


def _became(old: object, new: object) -> str:
    return str(old) if old == new else f"{old} → {new}"


def _since(held: Any) -> str:
    if held is None:
        return "The published scorecard holds."
    day = formats.show(held.at.date(), "date")
    return f"{held.by or 'Somebody'} changed it last, on {day}."


def _weight(name: str, values: Mapping[str, str], errors: Mapping[str, str]) -> dict[str, Any]:
    field = f"weight_{name}"
    return {**_field(WEIGHT, values, errors, field), "label": LABELS[name]}


def _field(
    one: Field, values: Mapping[str, str], errors: Mapping[str, str], name: str = ""
) -> dict[str, Any]:
    name = name or one.name
    unit = workspace().reporting_currency if one.unit == "amount" else one.unit
    usual = published(name)
    return {
        "name": name,
        "label": one.label,
        "unit": unit,
        "value": values.get(name, ""),
        "usual": usual,
        "is_own": values.get(name, "") != usual,
        "error": errors.get(name, ""),
    }
