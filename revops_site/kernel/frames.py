"""Frames of a few rows put together: a join takes pandas a millisecond, and a page makes dozens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd


def beside(rows: pd.DataFrame, table: pd.DataFrame, on: str) -> pd.DataFrame:
    """The rows with the columns that the table has for their ``on``, as float64; NaN for none.

    A key stands in the table once, and all that stands beside it are numbers.
    """
    return rows.assign(**_found(rows[on], table, on, np.nan))


def together(one: pd.DataFrame, other: pd.DataFrame, on: str) -> pd.DataFrame:
    """A row for each ``on`` of either, in order, with the columns of both; 0 where one has none.

    A key stands in each once, and all that stands beside it are numbers, which come as float64.
    """
    keys = sorted({*one[on], *other[on]})
    named = {on: pd.Series(keys, dtype=one[on].dtype)}
    return pd.DataFrame({**named, **_found(keys, one, on, 0.0), **_found(keys, other, on, 0.0)})


def grouped(rows: pd.DataFrame, by: Sequence[str], columns: Mapping[str, str]) -> pd.DataFrame:
    """The sums of these columns, of these dtypes, for each value of ``by`` in order."""
    keys = list(zip(*(rows[name].to_numpy().tolist() for name in by), strict=True))
    known = sorted(set(keys))
    place = {key: nth for nth, key in enumerate(known)}
    sums = np.zeros((len(known), len(columns)))
    np.add.at(sums, [place[key] for key in keys], rows[[*columns]].to_numpy(dtype="float64"))
    named = {
        name: pd.Series([key[nth] for key in known], dtype=rows[name].dtype)
        for nth, name in enumerate(by)
    }
    numbers = zip(columns.items(), sums.T, strict=True)
    return pd.DataFrame({**named, **{name: one.astype(dtype) for (name, dtype), one in numbers}})


def _found(
    keys: Iterable[object], table: pd.DataFrame, on: str, missing: float
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Each column of the table but ``on``, in the order of the keys."""
    place = {key: nth for nth, key in enumerate(table[on])}
    at = [place.get(key, len(place)) for key in keys]
    names = [str(name) for name in table.columns if name != on]
    numbers = np.nan_to_num(table[names].to_numpy(dtype="float64"), nan=missing)
    padded = np.vstack([numbers, np.full((1, len(names)), missing)])[at]
    return dict(zip(names, padded.T, strict=True))
