"""The files of a company whose every deal is open, for the health of all of them to be reckoned.

    python -m benchmarks.health_files FOLDER --deals N

writes two folders of files: ``all`` has N deals with two contacts, three activities and, every
other one, a changed amount and a moved close each; ``touched`` is what a day brings of a thousand.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias

Cells: TypeAlias = Sequence[str | int | float]
TOUCHED = 1000
LAST = date(2026, 6, 30)
STAGES = ("Lead", "Qualified", "Demo", "Proof", "Proposal", "Negotiation", "Contract")
SEGMENTS, REGIONS = ("SMB", "MM", "ENT"), ("US", "EU", "APAC")
HEADERS: Mapping[str, str] = {
    "pipelines": "pipeline_id,pipeline_name",
    "stages": "stage_id,pipeline_id,stage_name,stage_order,probability,expected_days",
    "pipeline_deals": "deal_id,opportunity_name,account,segment,region,owner,stage,amount,currency,"
    "created_at,expected_close,last_stage_change,probability,status,closed_at,pipeline_id,"
    "source_channel,discount_pct,"
    "has_champion,has_economic_buyer",
    "contacts": "deal_id,contact_id,contact_name,is_champion,last_engaged_at",
    "activities": "activity_id,deal_id,contact_id,type,due_date,done_at,is_done",
    "deal_changes": "deal_id,field,old,new,changed_at",
}


def main() -> int:
    """Write both folders."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--deals", type=int, required=True)
    asked = parser.parse_args()
    plan: dict[str, Iterable[Cells]] = {"pipelines": [("P", "All")], "stages": _stages()}
    _write(asked.folder / "all", {**plan, **_work(range(asked.deals), "A")})
    some = range(0, asked.deals, max(1, asked.deals // TOUCHED))
    touched = _work(some, "B", dearer=1)
    _write(
        asked.folder / "touched", {one: touched[one] for one in ("pipeline_deals", "activities")}
    )
    return 0


def _write(folder: Path, files: Mapping[str, Iterable[Cells]]) -> None:
    folder.mkdir(parents=True)
    for name, rows in files.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADERS[name].split(","))
            writer.writerows(rows)


def _stages() -> list[Cells]:
    return [
        (f"S{at}", "P", name, at, round(at / len(STAGES) - 0.05, 2), 10 + 5 * at)
        for at, name in enumerate(STAGES, 1)
    ]


def _work(deals: Iterable[int], mark: str, dearer: int = 0) -> dict[str, Iterator[Cells]]:
    numbers = list(deals)
    return {
        "pipeline_deals": (_deal(nth, dearer) for nth in numbers),
        "contacts": (row for nth in numbers for row in _contacts(nth)),
        "activities": (row for nth in numbers for row in _activities(nth, mark)),
        "deal_changes": (row for nth in numbers[::2] for row in _changes(nth)),
    }


def _deal(nth: int, dearer: int) -> Cells:
    created = _ago(30 + nth % 400)
    return (
        *(_id(nth), f"Project {nth}", f"Account {nth % 50_000}", SEGMENTS[nth % 3]),
        *(REGIONS[nth % 7 % 3], f"Rep {nth % 400:03d}", STAGES[nth % 7]),
        *(1_000 + 37 * (nth % 9_973) + dearer, ("USD", "EUR")[nth % 11 == 0], created),
        *(_ago(20 - nth % 150), _ago(nth % 90 % (30 + nth % 400)), "", "open", "", "P"),
        "Referral",
        *((nth % 13) / 40, ("", "true", "false")[nth % 3], ("true", "", "false")[nth % 3]),
    )


def _contacts(nth: int) -> Iterator[Cells]:
    for who in range(2):
        name, engaged = f"Person {nth % 5_000} of {who}", _ago((nth * 7 + who) % 200)
        yield _id(nth), f"C{nth}-{who}", name, ("", "true")[who], engaged


def _activities(nth: int, mark: str) -> Iterator[Cells]:
    for which in range(3):
        at, kind = _ago((nth * 5 + 31 * which) % 120 - 20), ("call", "email", "meeting")[which]
        is_done = at <= str(LAST)
        done = (f"{at}T10:00:00Z", "true") if is_done else ("", "false")
        yield f"{mark}{nth}-{which}", _id(nth), f"C{nth}-{which % 2}", kind, at, *done


def _changes(nth: int) -> Iterator[Cells]:
    at = f"{_ago(nth % 80)}T12:00:00Z"
    yield _id(nth), "amount", 900 + nth % 9_973, 1_000 + 37 * (nth % 9_973), at
    yield _id(nth), "close_date", _ago(50 - nth % 150), _ago(20 - nth % 150), at


def _ago(days: int) -> str:
    return str(LAST - timedelta(days=days))


def _id(nth: int) -> str:
    return f"D{nth:07d}"


if __name__ == "__main__":
    sys.exit(main())
