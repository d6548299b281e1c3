"""How deals stood on a past day is what their recorded history makes it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from insights.catalog import DATASETS
from pipeline.queries import past
from pipeline.rollups import PAST
from revops_site.kernel import loading
from revops_site.kernel.models import Workspace
from tests.pipeline import histories
from tests.pipeline.histories import FIRST, LAST, Life, State

ZONES = ("UTC", "America/New_York", "Asia/Tokyo")
EACH, EXAMPLES = 50, 20  # a thousand lives
SEEDS = st.lists(st.integers(0, 10**9), min_size=EACH, max_size=EACH, unique=True)
MANY = settings(
    max_examples=EXAMPLES,
    phases=[Phase.explicit, Phase.generate],  # a smaller company would fail no clearer
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NUMBERS = ("amount", "probability", "discount_pct")
DAYS = ("close_date", "closed_at", "last_stage_change", "created_at")


@contextmanager
def company(zone: str) -> Iterator[Path]:
    """A folder for files, in a company that is gone afterwards."""
    with TemporaryDirectory() as folder, transaction.atomic():
        cache.clear()
        Workspace.objects.update_or_create(pk=1, defaults={"time_zone": zone})
        yield Path(folder)
        assert PAST.differences() == 0
        transaction.set_rollback(True)


def load(*paths: Path) -> None:
    report = loading.load(list(paths), DATASETS, strict=True)
    assert report.exit_code == 0, [one.sample for one in report.files]


def told(day: date) -> dict[str, State]:
    """What is told of that day, by deal; no deal twice."""
    names = (*histories.TRACKED, "deal_id", "created_at")
    rows = list(past.at(day).values(*names))
    assert len({row["deal_id"] for row in rows}) == len(rows)
    return {row.pop("deal_id"): row for row in rows}


def stood(lives: Sequence[Life], day: date) -> dict[str, State]:
    """The same of what truly was."""
    states = {life.deal_id: life.at(day) for life in lives}
    return {deal: _typed(state) for deal, state in states.items() if state is not None}


def _typed(state: State) -> State:
    found: dict[str, Any] = dict(state)
    for name in NUMBERS:
        found[name] = None if state[name] is None else Decimal(state[name])
    for name in DAYS:
        found[name] = date.fromisoformat(str(state[name])) if state[name] else None
    found["has_champion"] = {"true": True, "false": False, None: None}[state["has_champion"]]
    return found


def exported(lives: Sequence[Life], days: Sequence[date], day: date) -> dict[str, State]:
    """What files of some days tell of one of them.

    A closed deal is whose it was in the first file that shows it closed so.
    """
    found = {}
    for life in lives:
        state = life.told(day)
        if state is None:
            continue
        files = [one for at in days if at <= day and (one := life.told(at)) is not None]
        ends = [one for one in files if one["closed_at"] and _end(one) == _end(state)]
        owner = (ends[0] if ends else state)["owner_id"]
        found[life.deal_id] = _typed(state | {"owner_id": owner})
    return found


def _end(state: State) -> tuple[str, date]:
    return state["status"], state["closed_at"]


def hold(found: dict[str, State], true: dict[str, State], day: date) -> None:
    assert set(found) == set(true), day
    wrong = [
        (deal, name, value, found[deal][name])
        for deal, state in true.items()
        for name, value in state.items()
        if found[deal][name] != value
    ]
    assert not wrong, day


@MANY
@given(seeds=SEEDS, zone=st.sampled_from(ZONES), chance=st.randoms(use_true_random=False))
def test_any_past_day_is_told_as_it_was(
    db: None, seeds: list[int], zone: str, chance: random.Random
) -> None:
    lives = [histories.lived(seed, ZoneInfo(zone)) for seed in seeds]
    with company(zone) as folder:
        load(histories.export(folder, lives), *histories.histories(folder, lives))
        for _ in range(8):
            day = FIRST + timedelta(chance.randrange(365))
            hold(told(day), stood(lives, day), day)
        hold(told(LAST), stood(lives, LAST), LAST)


@MANY
@given(seeds=SEEDS, zone=st.sampled_from(ZONES), chance=st.randoms(use_true_random=False))
def test_exports_that_follow_each_other_are_a_history(
    db: None, seeds: list[int], zone: str, chance: random.Random
) -> None:
    """Files without any history, loaded one after the other: each still tells its own day."""
    lives = [histories.lived(seed, ZoneInfo(zone)) for seed in seeds]
    days = sorted(FIRST + timedelta(day) for day in chance.sample(range(20, 365), 4))
    lives += [histories.created(f"N{nth}", day, ZoneInfo(zone)) for nth, day in enumerate(days)]
    with company(zone) as folder:
        for day in days:
            load(histories.export(folder, lives, day))
        for day in days:
            hold(told(day), exported(lives, days, day), day)
