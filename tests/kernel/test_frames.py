"""Small frames made and put together without pandas are those that pandas would have made."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from revops_site.kernel.cubes import Cube
from revops_site.kernel.frames import array, arrays, beside, framed, grouped, taken, together

COLUMNS: dict[str, tuple[list[Any], str]] = {
    "name": (["a", None, "c"], "str"),
    "count": ([1, 2, 3], "int64"),
    "amount": ([1.5, float("nan"), 0.0], "float64"),
    "day": ([date(2025, 1, 31), None, date(2024, 2, 29)], "datetime64[s]"),
    "said": (["yes", None, ["no"]], "object"),
    "late": ([True, False, True], "bool"),
}
ROWS: list[tuple[Any, ...]] = [
    ("SMB", date(2025, 1, 1), 1, 10.0),
    ("ENT", date(2025, 1, 1), 2, 5.0),
]
ROWS += [("SMB", date(2025, 2, 1), 4, None)]


@pytest.mark.parametrize("rows", [0, 3])
def test_a_frame_of_arrays_is_the_frame_that_pandas_makes_of_them(rows: int) -> None:
    made = framed({name: array(values[:rows], kind) for name, (values, kind) in COLUMNS.items()})
    expected = {
        name: pd.Series(values[:rows], dtype=kind) for name, (values, kind) in COLUMNS.items()
    }
    pd.testing.assert_frame_equal(made, pd.DataFrame(expected))
    pd.testing.assert_frame_equal(framed(arrays(made)), made)
    made["count"] += 1
    assert made["count"].tolist() == [2, 3, 4][:rows]


def test_what_is_put_beside_rows_is_found_by_their_key_and_unknown_where_there_is_none() -> None:
    days = array([date(2025, 1, 1), date(2025, 2, 1)], "datetime64[s]")
    rows = framed({"day": days, "won": np.array([1, 2])})
    table = framed({"day": days[1:], "aim": np.array([0.5])})
    found = beside(rows, table, "day")
    assert found["aim"].isna().tolist() == [True, False]
    assert found["won"].tolist() == [1, 2]


def test_rows_of_either_side_stand_together_with_nought_where_one_has_none() -> None:
    one = framed({"who": array(["b", "a"], "str"), "open": np.array([1, 2])})
    other = framed({"who": array(["c"], "str"), "won": np.array([3])})
    found = together(one, other, "who").to_dict("list")
    assert found == {"who": ["a", "b", "c"], "open": [2, 1, 0], "won": [0, 0, 3]}


def test_rows_are_taken_in_the_order_of_their_places() -> None:
    columns = {"who": array(["a", "b", "c"], "str"), "n": np.array([1, 2, 3])}
    assert taken(columns, [2, 0]).to_dict("list") == {"who": ["c", "a"], "n": [3, 1]}
    assert taken(columns, []).empty


def test_a_cube_sums_its_rows_by_any_of_its_keys() -> None:
    kinds = {"segment": "str", "month": "datetime64[s]"}
    cube = Cube.of(ROWS, kinds, {"count": "int64", "amount": "float64"})
    by_segment = cube.by("segment")
    assert by_segment["segment"].tolist() == ["ENT", "SMB"]
    assert by_segment["count"].tolist() == [2, 5]
    assert by_segment["count"].dtype == "int64"
    assert cube.between(0, 2).total() == {"count": 3, "amount": 15}
    assert cube.total()["count"] == 7
    rows = cube.by("month", "segment")
    pd.testing.assert_frame_equal(grouped(rows, ("segment",), cube.columns), by_segment)
    nothing = Cube.of([], kinds, cube.columns)
    assert nothing.by("month").empty
    assert nothing.total() == {"count": 0, "amount": 0}
