"""What happened to a rep's deals in some days, each deal once a kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.queries import changes
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import shared

FIELDS = ("kind", "told", "size", "day", "id_of_deal", "name_of_deal")
KINDS = ("won", "lost", "pushed")


@dataclass(frozen=True)
class Happened:
    """What happened to a deal: won, lost, slipped or pushed.

    ``size`` is what it is worth in the reporting currency, None where unknown; ``told`` why it was
    lost; ``old`` and ``new`` are the expected closes of one that was pushed, over all its pushes.
    """

    kind: str
    deal_id: str
    name: str
    size: float | None
    day: date
    told: str = ""
    old: str = ""
    new: str = ""


@shared
def happened(slice_: Slice) -> Sequence[Happened]:
    """All of it in the slice's period, the largest first.

    A deal that was pushed has slipped where that moved its expected close out of the fiscal
    quarter of the slice's day.
    """
    first, *others = (changes.of(slice_, kind).order_by() for kind in KINDS)
    rows = list(first.union(*others, all=True).order_by("day", "id_of_deal").values(*FIELDS))
    ended = [_ended(row) for row in rows if row["kind"] != "pushed"]
    moved: dict[str, Happened] = {}
    for row in rows:
        if row["kind"] == "pushed":
            moved[row["id_of_deal"]] = _pushed(row, moved.get(row["id_of_deal"]), slice_)
    found = [*ended, *moved.values()]
    return sorted(found, key=lambda one: (-(one.size or 0.0), one.deal_id))


def _ended(row: Mapping[str, Any]) -> Happened:
    kind, told = row["kind"], row["told"] if row["kind"] == "lost" else ""
    return Happened(kind, row["id_of_deal"], row["name_of_deal"], _size(row), row["day"], told)


def _pushed(row: Mapping[str, Any], before: Happened | None, slice_: Slice) -> Happened:
    old, _, new = row["told"].partition(" → ")
    old, new = (before.old if before else old)[:10], new[:10]
    end = slice_.quarter.end.isoformat()
    kind = "slipped" if old < end <= new else "pushed"
    return Happened(
        kind, row["id_of_deal"], row["name_of_deal"], _size(row), row["day"], old=old, new=new
    )


def _size(row: Mapping[str, Any]) -> float | None:
    return None if row["size"] is None else float(row["size"])
