"""What a trial of a source told, in sentences and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from insights.panels.data.look import Look
from insights.panels.data.tables import Column, number, table
from insights.queries import connecting as queries
from insights.queries.connecting import Setting
from revops_site.kernel.fragments.tables import Cell
from revops_site.kernel.sources import Source

if TYPE_CHECKING:
    from insights.models import SourceTrial

COUNTS = (
    Column("what", "What", sorts=False),
    Column("count", "Records", numeric=True, sorts=False),
)
LOADS = (
    Column("dataset", "Dataset", sorts=False),
    Column("rows", "Rows", numeric=True, sorts=False),
    Column("inserted", "New", numeric=True, sorts=False),
    Column("updated", "Changed", numeric=True, sorts=False),
    Column("refused", "Refused", numeric=True, sorts=False),
)
REFUSED = (
    Column("reason", "Why", sorts=False),
    Column("dataset", "Dataset", sorts=False),
    Column("column", "Column", sorts=False),
    Column("value", "Such as", sorts=False),
    Column("count", "Rows", numeric=True, sorts=False),
)
DEALS = {
    "deal_id": "Deal",
    "opportunity_name": "Name",
    "account_name": "Account",
    "owner_id": "Rep",
    "stage_name": "Stage",
    "amount": "Amount",
    "currency": "Currency",
    "close_date": "Close",
    "status": "Status",
}


def report(
    here: Look, source: Source, trial: SourceTrial | None, known: Setting
) -> dict[str, Any] | None:
    """What to print of a trial; None where nothing was tried yet."""
    if trial is None:
        return None
    is_busy = queries.is_busy(trial, here.now)
    found, is_dry = trial.found, trial.kind == "dry"
    is_done = trial.state == "done"
    return {
        "busy": is_busy,
        "is_dry": is_dry,
        "is_done": is_done,
        "is_current": is_done and trial.stamp == known.version,
        "kind": trial.get_kind_display(),
        "tone": "muted" if is_busy else "good" if is_done else "bad",
        "icon": "clock" if is_busy else "ok" if is_done else "bad",
        "word": _word(trial, is_busy=is_busy),
        "says": _says(trial, source) if not is_busy else "",
        "when": here.written(trial.beat_at or trial.asked_at),
        "counts": _counts(here, found) if is_done else None,
        "loads": _loads(here, found) if is_done and is_dry else None,
        "refused": _refused(here, found) if is_done and found.get("refused") else None,
        "failed": found.get("failed", []),
        "deals": _deals(here, found) if is_done and found.get("deals") else None,
    }


def _word(trial: SourceTrial, *, is_busy: bool) -> str:
    if is_busy:
        return "Waits for the background." if trial.state == "waiting" else "Under way."
    if trial.state == "done":
        return "It works."
    return "It does not work." if trial.state == "failed" else "Nobody has worked on it."


def _says(trial: SourceTrial, source: Source) -> str:
    if trial.state != "done":
        return trial.message
    company = trial.found.get("company") or "a company without a name"
    domain = trial.found.get("domain")
    return f"{source.label} answers for {company}{f' ({domain})' if domain else ''}."


def _counts(here: Look, found: dict[str, Any]) -> dict[str, Any]:
    rows = [
        [
            Cell(one["label"]),
            number(one["count"], more="" if one["is_whole"] else "and more, which were not read"),
        ]
        for one in found.get("counts", [])
    ]
    return table(here, "trial-counts", "What was read.", COUNTS, rows, whole=True)


def _loads(here: Look, found: dict[str, Any]) -> dict[str, Any]:
    rows = [
        [
            Cell(one["dataset"]),
            *(number(one[name]) for name in ("rows", "inserted", "updated")),
            number(one["refused"], tone="warn", icon="warn")
            if one["refused"]
            else number(one["refused"]),
        ]
        for one in found.get("loads", [])
    ]
    return table(here, "trial-loads", "What a sync would load of it.", LOADS, rows, whole=True)


def _refused(here: Look, found: dict[str, Any]) -> dict[str, Any]:
    rows = [
        [
            Cell(one["reason"], wraps=True),
            Cell(one["dataset"]),
            Cell(one["column"]),
            Cell(one["value"], wraps=True),
            number(one["count"]),
        ]
        for one in found["refused"]
    ]
    return table(here, "trial-refused", "What would be refused.", REFUSED, rows, whole=True)


def _deals(here: Look, found: dict[str, Any]) -> dict[str, Any]:
    columns = [
        Column(name, label, numeric=name == "amount", sorts=False) for name, label in DEALS.items()
    ]
    rows = [
        [Cell(one.get(name, ""), numeric=name == "amount", wraps=True) for name in DEALS]
        for one in found["deals"]
    ]
    return table(here, "trial-deals", "Some deals as they would be.", columns, rows, whole=True)
