"""The page of syncs: what each source gave last, for everybody who reads its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from insights.panels.data.asked import Asked
from insights.panels.data.look import Look, look
from insights.panels.data.tables import Column, Row, number, table, unknown
from insights.panels.syncs.words import moment, told
from insights.queries import syncs
from insights.queries.syncs import Standing
from revops_site.kernel.fragments.tables import Cell
from revops_site.kernel.sync import Status

TITLE = "Sync"
COLUMNS = (
    Column("what", "What", sorts=False),
    Column("state", "State", sorts=False),
    Column("at", "Last read", sorts=False),
    Column("records", "Records then", numeric=True, sorts=False),
    Column("took", "It took", numeric=True, sorts=False),
    Column("why", "What went wrong", sorts=False),
)
STATES = {
    "success": ("Done", "good", "ok"),
    "failed": ("Failed", "bad", "bad"),
    "in_progress": ("Running", "muted", "retry"),
    "": ("Not read yet", "muted", "clock"),
}


def page(
    url: str,
    found: Sequence[Standing],
    *,
    counts: bool,
    may_ask: bool,
    set_up: Mapping[str, str],
    said: str = "",
) -> dict[str, Any]:
    """The page; ``said`` is why a sync was not asked for.

    ``set_up`` is where each source is set up, for those who may.
    """
    here = look(url, Asked.parse(""))
    connected = [one for one in found if one.state != syncs.OFF]
    return {
        "title": TITLE,
        "said": said,
        "may_ask": may_ask and any(one.is_on for one in connected),
        "sources": [
            {
                **told(one, here.workspace, counts=counts),
                "table": the_parts(here, one, counts=counts),
                "set_up": set_up.get(one.source.name, ""),
            }
            for one in connected
        ],
        "busy": any(one.is_busy for one in connected),
    }


def the_parts(here: Look, one: Standing, *, counts: bool) -> dict[str, Any]:
    """Each kind of record with how it was last read."""
    hidden = set() if counts else {"records"}
    if not any(part.error_message for part in one.parts):
        hidden.add("why")
    columns = [column for column in COLUMNS if column.name not in hidden]
    rows = [_row(here, one, part, hidden) for part in one.parts]
    caption = f"What was read from {one.source.label}."
    return table(here, f"sync-{one.source.name}", caption, columns, rows, whole=True)


def took(milliseconds: int) -> str:
    """How long something took, as people say it."""
    seconds = milliseconds / 1000
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def _row(here: Look, one: Standing, part: Status, hidden: set[str]) -> Row:
    word, tone, icon = STATES[part.status]
    at = part.last_sync_time
    cells = (
        Cell(part.label, title=part.entity_type),
        Cell(word, tone=tone, icon=icon),
        Cell(moment(at, here.workspace, one.now), iso=at.isoformat()) if at else unknown(),
        number(part.records_synced) if at else unknown(numeric=True),
        Cell(took(part.last_sync_duration_ms), numeric=True) if at else unknown(numeric=True),
        Cell(part.error_message, wraps=True),
    )
    return [cell for cell, of in zip(cells, COLUMNS, strict=True) if of.name not in hidden]
