"""A metric's formula is arithmetic over named operands, and nothing else."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from revops_site.kernel.metrics import Metric, change, column, measure


def metric(formula: str, **options: str) -> Metric:
    return Metric("m", "m", "M", "", formula, "up", "integer", "integer", "", **options)  # type: ignore[arg-type]


def frame(**operands: float) -> pd.DataFrame:
    return pd.DataFrame([operands], dtype="float64")


def test_a_measured_number_keeps_the_operands_of_its_formula() -> None:
    found = measure(metric("(won - spend) / spend * 100"), frame(won=150, spend=100, other=7))
    assert found.value == 50
    assert found.operands == {"won": 150, "spend": 100}


@pytest.mark.parametrize("below", [0, math.nan])
def test_a_ratio_without_a_denominator_is_unknown_and_not_zero(below: float) -> None:
    assert measure(metric("spend / leads"), frame(spend=100, leads=below)).value is None


def test_nothing_over_something_is_zero() -> None:
    assert measure(metric("spend / won"), frame(spend=0, won=2)).value == 0


def test_a_column_of_groups_is_measured_row_by_row() -> None:
    groups = pd.DataFrame({"spend": [10, 0, 5], "leads": [2, 0, 0]})
    assert column(metric("spend / leads"), groups).isna().tolist() == [False, True, True]


@pytest.mark.parametrize(
    "formula", ["__import__('os')", "spend ** 2", "spend if won else 0", "-spend"]
)
def test_a_formula_may_hold_names_numbers_and_four_operations_only(formula: str) -> None:
    with pytest.raises(ValueError, match="names, numbers"):
        column(metric(formula), frame(spend=1, won=1))


def test_an_operand_that_the_frame_lacks_is_named() -> None:
    with pytest.raises(KeyError, match="leads"):
        column(metric("spend / leads"), frame(spend=1))


@pytest.mark.parametrize(
    ("now", "before", "relative", "points"),
    [
        (110.0, 100.0, 0.1, 10.0),
        (5.0, 0.0, None, 5.0),
        (None, 1.0, None, None),
        (1.0, None, None, None),
    ],
)
def test_a_change_is_a_ratio_or_a_difference(
    now: float | None, before: float | None, relative: float | None, points: float | None
) -> None:
    assert change(metric("a"), now, before) == pytest.approx(relative)
    assert change(metric("a", change="points"), now, before) == points
