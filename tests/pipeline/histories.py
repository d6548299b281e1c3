"""Pretend lives of deals, day by day, and the files that tell of them."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

State: TypeAlias = dict[str, Any]

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
STAGES = ("Discovery", "Demo", "Proof", "Negotiation")
PLAIN: Mapping[str, Sequence[Any]] = {
    "owner_id": ("ana", "cy", "bo", None),
    "pipeline_id": ("new", "old", None),
    "amount": (None, "0", "100.5", "99000", "60000"),
    "currency": ("USD", "EUR"),
    "close_date": ("2025-06-30", "2025-11-02", None),
    "probability": ("0.25", "1", None),
    "forecast_category": ("Pipeline", "Commit", "Omitted", ""),
    "segment": ("SMB", "ENT", ""),
    "region": ("EMEA", "APAC", ""),
    "discount_pct": ("0.1", None),
    "has_champion": ("true", "false", None),
}
OF_OPEN = ("probability", "forecast_category")  # a close gives them others
HEADERS = {"owner_id": "owner", "stage_name": "stage", "close_date": "expected_close"}
ALSO = ("deal_id", "account", "created_at", "last_stage_change", "status", "closed_at")
TRACKED = (*PLAIN, "stage_name", "status", "closed_at", "last_stage_change", "lost_reason")


@dataclass
class Life:
    """What happened to one deal: its states by moment, the first one when it was created."""

    deal_id: str
    zone: ZoneInfo
    states: list[tuple[datetime, State]] = field(default_factory=list)
    visits: list[tuple[str, datetime, datetime | None]] = field(default_factory=list)
    events: list[tuple[datetime, str]] = field(default_factory=list)
    changes: list[tuple[datetime, str, Any, Any]] = field(default_factory=list)

    def at(self, day: date) -> State | None:
        """How it stood at the end of a day; None before it was created.

        A closed deal is whose it was at the end of the day that it closed on.
        """
        found = self.told(day)
        if found is None or not found["closed_at"]:
            return found
        return found | {"owner_id": self.told(found["closed_at"])["owner_id"]}  # type: ignore[index]

    def told(self, day: date) -> State | None:
        """The same as a CRM tells it: of who looks after the deal."""
        known = [state for moment, state in self.states if self.day(moment) <= day]
        return known[-1] if known else None

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    @property
    def last(self) -> State:
        return self.states[-1][1]


def lived(seed: int, zone: ZoneInfo) -> Life:
    """A life of up to a dozen changes, several of them on one day at times."""
    dice = random.Random(seed)
    life = Life(f"D{seed}", zone)
    moment = _moment(dice, FIRST + timedelta(dice.randrange(250)))
    day = life.day(moment)
    state = {name: dice.choice(values) for name, values in PLAIN.items()}
    state |= {"stage_name": STAGES[0], "status": "open", "closed_at": None, "lost_reason": ""}
    state |= {"created_at": day, "last_stage_change": day}
    life.states.append((moment, state))
    life.visits.append((STAGES[0], moment, None))
    life.events.append((moment, "open"))
    for _ in range(dice.randrange(12)):
        moment += timedelta(days=dice.choice((0, 0, 1, 3, 20, 60)), minutes=dice.randrange(1, 600))
        if life.day(moment) > LAST:
            break
        _step(dice, life, moment)
    return life


def created(deal_id: str, day: date, zone: ZoneInfo) -> Life:
    """A deal that is created on a day and then left alone."""
    moment = datetime.combine(day, time(12), zone)
    state: State = {name: values[0] for name, values in PLAIN.items()}
    state |= {"stage_name": STAGES[0], "status": "open", "closed_at": None, "lost_reason": ""}
    return Life(deal_id, zone, [(moment, state | {"created_at": day, "last_stage_change": day})])


def _step(dice: random.Random, life: Life, moment: datetime) -> None:
    """One change, told of as a CRM does."""
    before, day = life.last, life.day(moment)
    if before["status"] == "open" and dice.random() < 0.15:
        won = dice.random() < 0.5
        after: State = {"stage_name": "Closed_Won" if won else "Closed_Lost"}
        after |= {"status": "won" if won else "lost", "closed_at": day, "last_stage_change": day}
        after["lost_reason"] = "" if won else "Price"
        after |= {"probability": "0.999" if won else "0", "forecast_category": "Closed"}
        _leave(life, moment)
        life.events.append((moment, after["status"]))
    elif before["status"] != "open" and dice.random() < 0.5:
        after = {"status": "open", "closed_at": None, "lost_reason": ""}
        after |= {"stage_name": dice.choice(STAGES), "last_stage_change": day}
        after |= {name: dice.choice(PLAIN[name]) for name in OF_OPEN}
        life.visits.append((after["stage_name"], moment, None))
        life.events.append((moment, "open"))
    elif before["status"] == "open" and dice.random() < 0.4:
        stage = dice.choice([one for one in STAGES if one != before["stage_name"]])
        after = {"stage_name": stage, "last_stage_change": day}
        _leave(life, moment)
        life.visits.append((stage, moment, None))
    else:
        # How a deal ended is not rewritten: an export could not tell it from what it was before.
        kept = () if before["status"] == "open" else OF_OPEN
        name = dice.choice([name for name in PLAIN if name not in kept])
        after = {name: dice.choice(PLAIN[name])}
    life.changes += [
        (moment, name, before[name], value)
        for name, value in after.items()
        if name in (*PLAIN, "stage_name", "lost_reason") and before[name] != value
    ]
    life.states.append((moment, before | after))


def _leave(life: Life, moment: datetime) -> None:
    stage, entered, _ = life.visits[-1]
    life.visits[-1] = (stage, entered, moment)


def _moment(dice: random.Random, day: date) -> datetime:
    return datetime.combine(day, time(dice.randrange(24), dice.randrange(60)), UTC)


def export(folder: Path, lives: Iterable[Life], day: date = LAST) -> Path:
    """A file of the deals as they stand at the end of a day."""
    names = (*ALSO, *PLAIN, "stage_name", "lost_reason")
    rows = []
    for life in lives:
        if (state := life.told(day)) is not None:
            known = {**state, "deal_id": life.deal_id, "account": "Acme"}
            rows.append([known[name] for name in names])
    header = [HEADERS.get(name, name) for name in names]
    return _written(folder, "pipeline_deals", [*header, "source_channel"], [[*r, ""] for r in rows])


def histories(folder: Path, lives: Sequence[Life]) -> list[Path]:
    """Files of all that happened: stage visits, status events and changed fields."""
    visits = [
        [life.deal_id, stage, entered.isoformat(), left.isoformat() if left else ""]
        for life in lives
        for stage, entered, left in life.visits
    ]
    events = [
        [life.deal_id, at.isoformat(), status] for life in lives for at, status in life.events
    ]
    changes = [
        [life.deal_id, name, old, new, at.isoformat()]
        for life in lives
        for at, name, old, new in life.changes
    ]
    return [
        _written(folder, "stage_history", ["deal_id", "stage", "entered_at", "exited_at"], visits),
        _written(folder, "status_events", ["deal_id", "at", "status"], events),
        _written(folder, "deal_changes", ["deal_id", "field", "old", "new", "changed_at"], changes),
    ]


def _written(
    folder: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> Path:
    path = folder / f"{name}.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *(["" if c is None else c for c in r] for r in rows)])
    return path
