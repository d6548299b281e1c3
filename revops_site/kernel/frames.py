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
Columns: TypeAlias = Mapping[str, Array]
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
        name: np.asarray(one) if isinstance(one.dtype, np.dtype) else one
        for name, one in _kept(rows).items()
    }


def lists(rows: pd.DataFrame) -> dict[str, list[Any]]:
    """The values of each column by name, as a series of it lists them."""
    return {name: one.tolist() for name, one in _kept(rows).items()}


def beside(rows: pd.DataFrame, table: pd.DataFrame, on: str) -> pd.DataFrame:
    """The rows with the columns that the table has for their ``on``, as float64; NaN for none.

    A key stands in the table once, and all that stands beside it are numbers.
    """
    known = arrays(rows)
    return framed({**known, **found(listed(known[on]), arrays(table), on)}, rows.index)


def together(one: pd.DataFrame, other: pd.DataFrame, on: str) -> pd.DataFrame:
    """A row for each ``on`` of either, in order, with the columns of both; 0 where one has none.

    A key stands in each once, and all that stands beside it are numbers, which come as float64.
    """
    return framed(joined(arrays(one), arrays(other), on))


def joined(one: Columns, other: Columns, on: str) -> dict[str, Array]:
    """What ``together`` gives, by column."""
    keys = sorted({*listed(one[on]), *listed(other[on])})
    named = {on: array(keys, one[on].dtype)}
    return {**named, **found(keys, one, on, 0.0), **found(keys, other, on, 0.0)}


def grouped(
    rows: pd.DataFrame | Columns, by: Sequence[str], columns: Mapping[str, str]
) -> pd.DataFrame:
    """The sums of these columns, of these dtypes, for each value of ``by`` in order."""
    return pooled((rows,), by, columns)


def pooled(
    tables: Sequence[pd.DataFrame | Columns], by: Sequence[str], columns: Mapping[str, str]
) -> pd.DataFrame:
    """What ``grouped`` gives of the rows of several tables, one at least, together."""
    given = [arrays(rows) if isinstance(rows, pd.DataFrame) else rows for rows in tables]
    kinds = {name: given[0][name].dtype for name in by}
    keys = [key for one in given for key in zip(*(listed(one[name]) for name in by), strict=True)]
    values = np.concatenate([numbers(one, columns) for one in given], axis=1)
    return summed(keys, kinds, values, columns)


def summed(
    keys: Sequence[tuple[Any, ...]],
    kinds: Mapping[str, Any],
    values: Floats,
    columns: Mapping[str, str],
) -> pd.DataFrame:
    """A row for each key in order, with the sums of its values, which come one column a row."""
    known = sorted(set(keys))
    place = {key: nth for nth, key in enumerate(known)}
    sums = np.zeros((len(known), len(columns)))
    np.add.at(sums, [place[key] for key in keys], values.T)
    named = {
        name: array([key[nth] for key in known], kind)
        for nth, (name, kind) in enumerate(kinds.items())
    }
    totals = zip(columns.items(), sums.T, strict=True)
    return framed({**named, **{name: one.astype(dtype) for (name, dtype), one in totals}})


def numbers(rows: pd.DataFrame | Columns, names: Iterable[str]) -> Floats:
    """These columns as float64, one a row of the answer."""
    known = arrays(rows) if isinstance(rows, pd.DataFrame) else rows
    given = [np.asarray(known[name], dtype="float64") for name in names]
    return np.array(given) if given else np.zeros((0, len(rows)))


def found(
    keys: Sequence[Any], table: Columns, on: str, missing: float = np.nan
) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
    """Each column of the table but ``on``, in the order of the keys; ``missing`` for no number."""
    known_keys = listed(table[on])
    place = {key: nth for nth, key in enumerate(known_keys)}
    names = [name for name in table if name != on]
    padded = np.full((len(names), len(known_keys) + 1), missing)
    for nth, name in enumerate(names):
        known = np.asarray(table[name], dtype="float64")
        padded[nth, :-1] = np.where(np.isnan(known), missing, known)
    at = [place.get(key, len(known_keys)) for key in keys]
    return dict(zip(names, padded[:, at], strict=True))


def taken(columns: Columns, places: Sequence[int]) -> pd.DataFrame:
    """A frame of the rows at these places, in this order."""
    order = np.array(places, dtype="int64")
    return framed({name: one[order] for name, one in columns.items()})


def listed(column: Array | pd.Series[Any]) -> list[Any]:
    """The values of a column as Python has them."""
    values: list[Any] = np.asarray(column).tolist()
    return values


def _kept(rows: pd.DataFrame) -> dict[str, Any]:
    """The columns as they are kept: to make a series of each would take ten times as long."""
    each: Any = rows._iter_column_arrays  # its stubs lack it
    return dict(zip(map(str, rows.columns), each(), strict=True))


@lru_cache(maxsize=1024)
def _names(columns: tuple[str, ...]) -> pd.Index[Any]:
    return pd.Index(columns)
