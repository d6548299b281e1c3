"""What is kept in memory is given back as it is, and is not changed by who was given it."""

from __future__ import annotations

import time

import pandas as pd
import pytest

from revops_site.kernel.freshness import own, remembered
from revops_site.kernel.memory import Memory


@pytest.fixture
def memory(request: pytest.FixtureRequest) -> Memory:
    return Memory(request.node.name, {"OPTIONS": {"MAX_ENTRIES": 3}})


def test_a_value_is_the_very_one_that_was_kept(memory: Memory) -> None:
    value = object()
    memory.set("one", value)
    assert memory.get("one") is value
    assert memory.get("another", "none") == "none"


def test_what_is_kept_already_stays_when_another_is_added(memory: Memory) -> None:
    assert memory.add("one", 1)
    assert not memory.add("one", 2)
    assert memory.get("one") == 1


def test_a_value_is_gone_after_its_time(memory: Memory) -> None:
    memory.set("short", 1, timeout=0.01)
    time.sleep(0.02)
    assert memory.get("short") is None
    assert memory.add("short", 2)


def test_attempts_are_counted_from_the_first_on(memory: Memory) -> None:
    memory.set("attempts", 1)
    assert memory.incr("attempts") == 2
    assert memory.get("attempts") == 2
    with pytest.raises(ValueError, match="not found"):
        memory.incr("none")


def test_only_so_much_is_kept(memory: Memory) -> None:
    for nth in range(10):
        memory.set(f"n{nth}", nth)
    kept = [nth for nth in range(10) if memory.get(f"n{nth}") is not None]
    assert len(kept) <= 3
    assert 9 in kept


def test_of_frames_with_very_many_rows_those_used_last_are_kept(
    request: pytest.FixtureRequest,
) -> None:
    memory = Memory(request.node.name, {})
    many, few = pd.DataFrame({"n": range(20_000)}), pd.DataFrame({"n": range(9)})
    for nth in range(2):
        memory.set(f"few{nth}", few)
        memory.set(f"many{nth}", many)
    assert memory.get("many0") is many
    memory.set("many2", list(range(20_000)))
    memory.set("many2", list(range(20_000)))
    assert [nth for nth in range(3) if memory.get(f"many{nth}") is not None] == [0, 2]
    assert all(memory.get(f"few{nth}") is few for nth in range(2))


def test_what_is_written_into_an_answer_stays_with_who_wrote_it() -> None:
    def ask() -> pd.DataFrame:
        return remembered("test-frames", lambda: pd.DataFrame({"n": [1, 2]}))

    mine = ask()
    mine["n"] = 0
    mine["more"] = "x"
    assert ask().to_dict("list") == {"n": [1, 2]}
    words = {"a": 1}
    assert own(words) == words
    assert own(words) is not words
