"""Why a number changed: its parts add up to the change, whatever the groups do."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revops_site.kernel.decomposing import Decomposition, Side, decompose, sided
from revops_site.kernel.metrics import Metric, measure

VELOCITY = "open_deals * (won / (won + lost)) * (won_amount / won) / (cycle_days / won)"
FORMULAS = (
    "spend / leads",
    "1000 * spend / leads",
    "(revenue - spend) / spend * 100",
    "(churn + contraction - expansion) / started",
    "won / (won + lost)",
    "12 * mrr",
    "ending - starting",
    "won / (won + lost) - team_rate",
    "quarter_won / quarter_quota - last_won / last_quota",
    "target - won",
    VELOCITY,
)
EXACT = 1e-9
NAMES = (
    *("spend", "leads", "revenue", "churn", "contraction", "expansion", "started", "won", "lost"),
    *("mrr", "ending", "starting", "team_rate", "quarter_won", "quarter_quota", "last_won"),
    *("last_quota", "target", "open_deals", "won_amount", "cycle_days"),
)
Groups = Mapping[str, Sequence[float]]

numbers = st.one_of(
    st.just(0.0),
    st.integers(-50, 5_000).map(float),
    st.floats(-1e4, 1e6).map(lambda value: round(value, 2)),
)


@st.composite
def periods(draw: st.DrawFn, names: Sequence[str] = NAMES) -> tuple[Groups, Groups]:
    """Two periods of up to six groups, some of which begin, end, are 0 or below 0."""
    count = draw(st.integers(1, 6))
    column = st.lists(numbers, min_size=count, max_size=count)
    was, is_ = ({name: draw(column) for name in names} for _ in range(2))
    for group, gone in enumerate(draw(st.lists(st.sampled_from("xx-+"), max_size=count))):
        for name in names:
            if gone == "-":
                is_[name][group] = 0.0
            elif gone == "+":
                was[name][group] = 0.0
    return was, is_


def side(groups: Groups, only: Sequence[str] | None = None) -> Side:
    totals = {name: math.fsum(values) for name, values in groups.items()}
    kept = groups if only is None else {name: groups[name] for name in only}
    return sided(totals, kept, groups)


def value(formula: str, groups: Groups) -> float | None:
    totals = {name: math.fsum(values) for name, values in groups.items()}
    metric = Metric("m", "m", "M", "", formula, "up", "decimal", "decimal", "")
    return measure(metric, totals).value


def scale(found: Decomposition) -> float:
    return max(abs(found.change), math.fsum(abs(part.value) for part in found.parts))


def is_well_behaved(formula: str, *ends: Groups) -> bool:
    """Sums below a line that nearly vanish beside their groups leave doubles no digits."""
    for groups in ends:
        for name in ("leads", "spend", "started", "won", "cycle_days", "lost", "won_amount"):
            whole = abs(math.fsum(groups[name]))
            if 0 < whole < 1e-3 * max(map(abs, groups[name])):
                return False
        if 0 < abs(math.fsum(groups["won"]) + math.fsum(groups["lost"])) < 1:
            return False
    return True


@pytest.mark.parametrize("by_group", [True, False], ids=["by group", "by part"])
@pytest.mark.parametrize("formula", FORMULAS)
@given(ends=periods())
def test_the_parts_add_up_to_the_change(
    formula: str, by_group: bool, ends: tuple[Groups, Groups]
) -> None:
    was, is_ = ends
    found = decompose(formula, side(was), side(is_), by_group=by_group)
    before, now = value(formula, was), value(formula, is_)
    if before is None or now is None:
        assert found is None
        return
    assert found is not None
    if not is_well_behaved(formula, was, is_):
        return
    size = max(scale(found), abs(before), abs(now))
    assert math.fsum(p.value for p in found.parts) == pytest.approx(now - before, abs=EXACT * size)


@given(ends=periods(("amount", "deals")))
def test_volume_mix_and_price_add_up_to_the_change_of_each_group(
    ends: tuple[Groups, Groups],
) -> None:
    was, is_ = ends
    found = decompose("amount", side(was), side(is_), {"amount": "deals"})
    assert found is not None
    for group, (old, new) in enumerate(zip(was["amount"], is_["amount"], strict=True)):
        assert found.of_group(group) == pytest.approx(new - old, abs=EXACT * max(scale(found), 1))


@pytest.mark.parametrize("formula", FORMULAS)
@given(ends=periods())
def test_the_way_back_undoes_every_part(formula: str, ends: tuple[Groups, Groups]) -> None:
    was, is_ = ends
    there = decompose(formula, side(was), side(is_))
    back = decompose(formula, side(is_), side(was))
    if there is None or back is None or not is_well_behaved(formula, was, is_):
        assert there is not None or back is None
        return
    undone = {(p.factor, p.effect, p.operand, p.group): p.value for p in back.parts}
    for part in there.parts:
        key = (part.factor, part.effect, part.operand, part.group)
        assert part.value == pytest.approx(-undone.get(key, 0.0), abs=EXACT * scale(there))


@pytest.mark.parametrize("formula", FORMULAS)
@given(ends=periods(), share=st.sampled_from([0.25, 0.5, 0.75]))
def test_to_split_a_group_into_two_of_the_same_rates_changes_no_other_part(
    formula: str, ends: tuple[Groups, Groups], share: float
) -> None:
    was, is_ = ends

    def split(groups: Groups) -> Groups:
        return {
            name: [values[0] * share, *values[1:], values[0] * (1 - share)]
            for name, values in groups.items()
        }

    whole = decompose(formula, side(was), side(is_))
    parted = decompose(formula, side(split(was)), side(split(is_)))
    if whole is None or parted is None or not is_well_behaved(formula, was, is_):
        return
    last = len(next(iter(was.values())))
    room = EXACT * max(scale(whole), scale(parted))
    both = parted.of_group(0) + parted.of_group(last)
    assert both == pytest.approx(whole.of_group(0), abs=room)
    for group in range(1, last):
        assert parted.of_group(group) == pytest.approx(whole.of_group(group), abs=room)


def shapley(worth: Callable[[frozenset[int]], float], count: int) -> list[float]:
    """Each player's mean gain over all orders in which they may move."""
    gains = [0.0] * count
    orders = list(permutations(range(count)))
    for order in orders:
        moved: frozenset[int] = frozenset()
        for player in order:
            gains[player] += worth(moved | {player}) - worth(moved)
            moved = moved | {player}
    return [gain / len(orders) for gain in gains]


counts = st.integers(1, 900).map(float)


@given(st.lists(counts, min_size=10, max_size=10))
def test_the_factors_of_velocity_are_shapleys(given_: list[float]) -> None:
    names = ("open_deals", "won", "lost", "won_amount", "cycle_days")
    was, is_ = (dict(zip(names, given_[n : n + 5], strict=True)) for n in (0, 5))

    def factors(end: Mapping[str, float]) -> list[float]:
        won = end["won"]
        return [
            end["open_deals"],
            won / (won + end["lost"]),
            end["won_amount"] / won,
            won / end["cycle_days"],
        ]

    ends = factors(was), factors(is_)
    expected = shapley(
        lambda moved: math.prod(ends[place in moved][place] for place in range(4)), 4
    )
    found = decompose(VELOCITY, Side(was, {}), Side(is_, {}), by_group=False)
    assert found is not None
    got = {part.factor: part.value for part in found.parts}
    room = EXACT * max(map(abs, expected))
    for text, value_ in zip(
        ("open_deals", "won / (won + lost)", "won_amount / won", "cycle_days / won"),
        expected,
        strict=True,
    ):
        assert got.get(text, 0.0) == pytest.approx(value_, abs=room)


@given(st.lists(st.tuples(counts, counts, counts, counts), min_size=1, max_size=6))
def test_rate_and_mix_of_a_ratio_are_shapleys(rows: list[tuple[float, ...]]) -> None:
    (a0, b0, a1, b1) = (list(column) for column in zip(*rows, strict=True))
    weights = [[one / sum(below) for one in below] for below in (b0, b1)]
    rates = [
        [one / per for one, per in zip(above, below, strict=True)]
        for above, below in ((a0, b0), (a1, b1))
    ]

    def worth(moved: frozenset[int]) -> float:
        pairs = zip(weights[0 in moved], rates[1 in moved], strict=True)
        return math.fsum(share * rate for share, rate in pairs)

    mix, rate = shapley(worth, 2)
    found = decompose("a / b", side({"a": a0, "b": b0}), side({"a": a1, "b": b1}))
    assert found is not None
    sums = {
        effect: math.fsum(part.value for part in found.parts if part.effect == effect)
        for effect in ("mix", "rate")
    }
    room = EXACT * max(scale(found), max(rates[0] + rates[1]))
    assert sums["mix"] == pytest.approx(mix, abs=room)
    assert sums["rate"] == pytest.approx(rate, abs=room)


def test_a_group_that_begins_is_mix_and_no_rate() -> None:
    was = {"spend": [100.0, 0.0], "leads": [10.0, 0.0]}
    is_ = {"spend": [100.0, 300.0], "leads": [10.0, 10.0]}
    found = decompose("spend / leads", side(was), side(is_))
    assert found is not None
    assert {part.effect for part in found.parts} == {"mix"}
    assert math.fsum(part.value for part in found.parts) == 10.0  # from 10 to 20 a lead


def test_money_without_anything_that_it_is_of_still_counts() -> None:
    was = {"spend": [100.0, 0.0], "leads": [10.0, 0.0]}
    is_ = {"spend": [100.0, 50.0], "leads": [10.0, 0.0]}
    found = decompose("spend / leads", side(was), side(is_))
    assert found is not None
    assert [(part.effect, part.group, part.value) for part in found.parts] == [("rate", 1, 5.0)]


def test_nothing_is_said_of_what_is_undefined_at_one_end() -> None:
    assert (
        decompose("a / b", side({"a": [1.0], "b": [0.0]}), side({"a": [1.0], "b": [2.0]})) is None
    )


def test_what_is_in_no_group_is_a_part_of_its_own() -> None:
    was = sided({"won": 5.0}, {"won": [2.0, 3.0]}, ["won"])
    is_ = sided({"won": 9.0}, {"won": [2.0, 4.0]}, ["won"])
    found = decompose("won", was, is_)
    assert found is not None
    assert [(part.group, part.value) for part in found.parts] == [(1, 1.0), (2, 3.0)]


def test_what_moved_at_once_is_told_and_shared() -> None:
    was = {"a": [10.0, 10.0], "b": [10.0, 10.0]}
    is_ = {"a": [60.0, 5.0], "b": [30.0, 10.0]}
    found = decompose("a / b", side(was), side(is_))
    assert found is not None
    # Shares 50:50 → 75:25, rates 1:1 → 2:0.5: together 0.25 × 1 + (−0.25) × (−0.5).
    assert found.together == pytest.approx(0.375)
    assert found.change == pytest.approx(0.625)


def test_a_denominator_without_groups_is_a_part_of_its_own() -> None:
    was, is_ = {"open": [10.0, 10.0], "left": [10.0]}, {"open": [10.0, 30.0], "left": [20.0]}
    found = decompose("open / left", side(was, ["open"]), side(is_, ["open"]))
    assert found is not None
    assert [(part.operand, part.group) for part in found.parts] == [("open", 1), ("left", None)]
    assert math.fsum(part.value for part in found.parts) == pytest.approx(0.0, abs=1e-12)
