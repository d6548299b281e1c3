"""Frames of few rows, made and put together at once: pandas would take as long as for many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray
from pandas.api.internals import (  # type: ignore[import-not-found]  # its stubs lack it
    create_dataframe_from_blocks,
)

Array: TypeAlias = np.ndarray[Any, Any] | ExtensionArray
Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

STR = pd.api.types.pandas_dtype("str")
BY_NUMPY = frozenset({"float64", "int64", "bool", "datetime64[s]"})


def framed(columns: Mapping[str, Array], index: pd.Index[Any] | None = None) -> pd.DataFrame:
    """A frame of these columns of one length: each has the kind of its array, nothing is guessed.

    The index is that of another frame, else it counts the rows.
    """
    alike: dict[np.dtype[Any], list[int]] = {}
    given = list(columns.values())
    for place, one in enumerate(given):
        if isinstance(one, np.ndarray):
            alike.setdefault(one.dtype, []).append(place)
    blocks: list[tuple[Any, Any]] = [
        (np.array([given[place] for place in places], dtype=dtype), np.array(places))
        for dtype, places in alike.items()
    ]
    blocks += [
        (one, np.array([place]))
        for place, one in enumerate(given)
        if not isinstance(one, np.ndarray)
    ]
    rows = pd.RangeIndex(len(given[0])) if index is None else index
    made: pd.DataFrame = create_dataframe_from_blocks(blocks, rows, _names(tuple(columns)))
    return made


def array(values: Sequence[Any], dtype: Any) -> Array:
    """Values as a column of this kind; None is what it has for the unknown."""
    if str(dtype) in BY_NUMPY:
        return np.array(values, dtype=dtype)
    if dtype == "object":
        return np.fromiter(values, dtype="object", count=len(values))
    kind: Any = STR if dtype == "str" else dtype
    made: Array = pd.array(values, dtype=kind)
    return made


def arrays(rows: pd.DataFrame) -> dict[str, Array]:
    """The columns of a frame by name, as ``framed`` takes them."""
    return {
        str(name): one.to_numpy() if isinstance(one.dtype, np.dtype) else one.array
        for name, one in rows.items()
    }


def beside(rows: pd.DataFrame, table: pd.DataFrame, on: str) -> pd.DataFrame:
    """The rows with the columns that the table has for their ``on``, as float64; NaN for none.

    A key stands in the table once, and all that stands beside it are numbers.
    """
    known = arrays(rows)
    return framed({**known, **_found(known[on], table, on, np.nan)}, rows.index)


def together(one: pd.DataFrame, other: pd.DataFrame, on: str) -> pd.DataFrame:
    """A row for each ``on`` of either, in order, with the columns of both; 0 where one has none.

    A key stands in each once, and all that stands beside it are numbers, which come as float64.
    """
    keys = sorted({*one[on], *other[on]})
    named = {on: array(keys, one[on].dtype)}
    return framed({**named, **_found(keys, one, on, 0.0), **_found(keys, other, on, 0.0)})


def grouped(rows: pd.DataFrame, by: Sequence[str], columns: Mapping[str, str]) -> pd.DataFrame:
    """The sums of these columns, of these dtypes, for each value of ``by`` in order."""
    keys = list(zip(*(rows[name].to_numpy().tolist() for name in by), strict=True))
    known = sorted(set(keys))
    place = {key: nth for nth, key in enumerate(known)}
    sums = np.zeros((len(known), len(columns)))
    np.add.at(sums, [place[key] for key in keys], numbers(rows, columns).T)
    named = {
        name: array([key[nth] for key in known], rows[name].dtype) for nth, name in enumerate(by)
    }
    summed = zip(columns.items(), sums.T, strict=True)
    return framed({**named, **{name: one.astype(dtype) for (name, dtype), one in summed}})


def numbers(rows: pd.DataFrame, names: Iterable[str]) -> Floats:
    """These columns as float64, one a row of the answer."""
    found = [rows[name].to_numpy() for name in names]
    return np.array(found, dtype="float64").reshape(len(found), len(rows))


def _found(keys: Iterable[object], table: pd.DataFrame, on: str, missing: float) -> dict[str, Any]:
    """Each column of the table but ``on``, in the order of the keys."""
    place = {key: nth for nth, key in enumerate(table[on])}
    at = [place.get(key, len(place)) for key in keys]
    names = [str(name) for name in table.columns if name != on]
    known = numbers(table, names)
    padded = np.full((len(names), len(table) + 1), missing)
    padded[:, :-1] = np.where(np.isnan(known), missing, known)
    return dict(zip(names, padded[:, at], strict=True))


@lru_cache(maxsize=1024)
def _names(columns: tuple[str, ...]) -> pd.Index[Any]:
    return pd.Index(columns)
