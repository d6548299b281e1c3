"""How far the work on an upload is, what an import would do, and what it did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from revops_site.kernel.loading import can_undo, place, some

if TYPE_CHECKING:
    from insights.models import Upload

STAGES: Mapping[str, str] = {
    "reading": "Reading the file",
    "checking": "Checking its rows",
    "writing": "Writing its rows",
}
SHOWN = 3


def progress(one: Upload) -> dict[str, Any]:
    """How far it is: ``share`` in percent, None where that cannot be told."""
    step = one.progress
    waits = {"undoing": "Taking its rows out again", "waiting": "Waiting for the background"}
    says = STAGES.get(step.get("stage", ""), waits.get(one.state, "Looking at the file"))
    total = step.get("total", 0)
    share = round(100 * step["done"] / total) if total else None
    if step.get("rows"):
        says += f": {some(step['rows'], 'rows')}"
    return {"says": says, "share": share if step.get("stage") == "reading" else None}


def check(one: Upload) -> dict[str, Any] | None:
    """What an import would do, before anybody decides; None where it was not tried yet."""
    if problem := one.checked.get("problem"):
        return {"problem": problem}
    report = one.checked.get("report")
    if report is None:
        return None
    return {
        "problem": "",
        "figures": _figures(report),
        "already": report["status"] == "unchanged",
        "accepted": report["accepted"],
        "accepted_says": f"{report['accepted']:,}",
        "refused": report["refused"],
        "reasons": _reasons(report),
        "warnings": _warnings(report),
        "dropped": _dropped(report),
    }


def result(one: Upload) -> dict[str, Any]:
    """What an import did."""
    report = one.report
    return {
        "figures": _figures(report),
        "already": report["status"] == "unchanged",
        "refused": report["refused"],
        "reasons": _reasons(report),
        "warnings": _warnings(report),
        "dropped": _dropped(report),
        "refused_url": reverse("insights:upload_refused", args=[one.pk])
        if report["refused"] and one.load_id and not one.bytes_deleted_at
        else "",
        "load_url": reverse("insights:load", args=[one.load_id]) if one.load_id else "",
        **_undoing(one),
    }


def _undoing(one: Upload) -> dict[str, Any]:
    """Whether its rows can be taken out again, or why they cannot."""
    if one.state != "done" or one.load is None or one.report["status"] != "loaded":
        return {"can_undo": False, "why_not": ""}
    why = can_undo(one.load)
    return {"can_undo": not why, "why_not": why}


def _figures(report: Mapping[str, Any]) -> list[dict[str, str]]:
    dropped = sum(lines["rows"] for lines in report["dropped"].values())
    figures = {
        "Rows in the file": report["rows"],
        "Rows ok": report["accepted"],
        "Refused": report["refused"],
        "New": report["inserted"],
        "Changed": report["updated"],
        "Same as before": report["unchanged"],
    }
    if dropped:
        figures["Left out on purpose"] = dropped
    return [{"name": name, "value": f"{value:,}"} for name, value in figures.items()]


def _reasons(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All refused cells, counted by column and reason, each with the first of them."""
    found, appended = [], report.get("appended", ())
    for why in report.get("reasons", ()):
        shown = ", ".join(
            place(line, appended) + (f": “{value}”" if value else "")
            for line, value in why["examples"]
        )
        more = " …" if why["cells"] > len(why["examples"]) else ""
        found.append(
            {
                "column": why["column"] or "The row",
                "reason": why["reason"],
                "count": f"{why['cells']:,}",
                "examples": shown + more,
            }
        )
    return found


def _warnings(report: Mapping[str, Any]) -> list[str]:
    return [f"{rows:,} × {says}" for says, rows in report["warnings"].items()]


def _dropped(report: Mapping[str, Any]) -> list[str]:
    says = []
    for kind, lines in report["dropped"].items():
        first = lines["lines"][:SHOWN]
        word = "line" if lines["rows"] == 1 else "lines"
        shown = f"{word} {', '.join(f'{line:,}' for line in first)}"
        if appended := report.get("appended"):
            shown = "; ".join(place(line, appended) for line in first)
        more = " …" if lines["rows"] > SHOWN else ""
        says.append(f"{some(lines['rows'], kind)} ({shown}{more})")
    return says
