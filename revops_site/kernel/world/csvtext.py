"""Frames as lines of CSV, several times as fast as pandas writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

import numpy as np
import pandas as pd

from revops_site.kernel.world.frame import Texts

DIGITS = "%.15g"  # the shortest text of a rounded number, the same on every machine
MANY = 100_000
SPECIAL = (",", '"', "\n", "\r")


def header(frame: pd.DataFrame) -> str:
    """The line of column names."""
    return ",".join(map(str, frame.columns)) + "\n"


def write(frame: pd.DataFrame, file: IO[str]) -> None:
    """Append all rows, some at a time: days as 2026-05-12, moments as 2026-05-12T14:05:00Z."""
    for start in range(0, len(frame), MANY):
        part = frame.iloc[start : start + MANY]
        rows = zip(*(_cells(part[name]) for name in part.columns), strict=True)
        file.write("\n".join(map(",".join, rows)) + "\n")


def _cells(column: pd.Series) -> list[str]:
    """The texts of a column's cells; empty where nothing is known."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        names = [*_quoted(map(str, column.cat.categories)), ""]
        return _picked(names, column.cat.codes.to_numpy())
    kind = column.dtype.kind
    if kind == "M":
        return _days(column) if column.dt.tz is None else _moments(column)
    if kind == "b":
        truth = column.to_numpy(dtype=np.bool_, na_value=False)
        return _blanked(_picked(["False", "True"], truth.astype(np.int8)), column)
    if kind in "iu":
        return _blanked(list(map(str, column.tolist())), column)
    if kind == "f":
        return _blanked(list(map(DIGITS.__mod__, column.to_numpy().tolist())), column)
    return _quoted(_blanked(column.tolist(), column))


def _picked(names: list[str], codes: np.ndarray) -> list[str]:
    picked: list[str] = np.array(names, dtype=object)[codes].tolist()
    return picked


def _days(column: pd.Series) -> list[str]:
    codes, days = pd.factorize(column.to_numpy().astype("datetime64[D]"))
    return _picked([*np.datetime_as_string(days).tolist(), ""], codes)


def _moments(column: pd.Series) -> list[str]:
    texts = np.datetime_as_string(column.dt.tz_localize(None).to_numpy(), unit="s").tolist()
    return _blanked([f"{text}Z" for text in texts], column)


def _blanked(texts: list[str], column: pd.Series) -> list[str]:
    empty = column.isna().to_numpy()
    if empty.any():
        kept: Texts = np.where(empty, "", np.array(texts, dtype=object))
        return list(kept.tolist())
    return texts


def _quoted(texts: Iterable[str]) -> list[str]:
    """Quotes around what would otherwise not be read back as one cell."""
    cells = list(texts)
    together = "".join(cells)
    if not any(mark in together for mark in SPECIAL):
        return cells
    return [
        '"' + text.replace('"', '""') + '"' if any(mark in text for mark in SPECIAL) else text
        for text in cells
    ]
