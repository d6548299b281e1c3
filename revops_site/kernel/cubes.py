"""Sums by several keys, read once and summed up further as each panel likes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from revops_site.kernel.frames import Floats, summed


@dataclass(frozen=True, eq=False)
class Cube:
    """Rows of sums: ``keys`` by name, each of one of ``kinds``; ``sums`` holds one column a row.

    ``columns`` names the sums in their order, each with the dtype that its frames have.
    """

    keys: Mapping[str, Sequence[Any]]
    kinds: Mapping[str, str]
    sums: Floats
    columns: Mapping[str, str]

    @staticmethod
    def of(
        rows: Sequence[Sequence[Any]], kinds: Mapping[str, str], columns: Mapping[str, str]
    ) -> Cube:
        """Of rows that hold their keys first, then their sums; an unknown sum is NaN."""
        by_column = list(zip(*rows, strict=True)) or [()] * (len(kinds) + len(columns))
        keys = dict(zip(kinds, by_column, strict=False))
        sums = np.array(by_column[len(kinds) :], dtype="float64")
        return Cube(keys, kinds, sums.reshape(len(columns), len(rows)), columns)

    def between(self, begin: int, end: int) -> Cube:
        """The rows from one place up to another."""
        keys = {name: values[begin:end] for name, values in self.keys.items()}
        return Cube(keys, self.kinds, self.sums[:, begin:end], self.columns)

    def total(self) -> dict[str, float]:
        """All rows in one, by name; NaN is left out."""
        return dict(zip(self.columns, np.nansum(self.sums, axis=1).tolist(), strict=True))

    def by(self, *names: str) -> pd.DataFrame:
        """The sums for each value of these keys in order; in one row for none of them."""
        one: list[tuple[Any, ...]] = [()] * self.sums.shape[1]
        keys = list(zip(*(self.keys[name] for name in names), strict=True)) if names else one
        return summed(keys, {name: self.kinds[name] for name in names}, self.sums, self.columns)
