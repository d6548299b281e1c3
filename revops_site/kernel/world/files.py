"""What an app offers to ``generate``: which datasets it can make up, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class File:
    """A dataset's rows: ``make`` takes a shard's world and the frames of ``parents``.

    Parents stand before their children in every list of files. ``once`` says that the first
    shard tells all; of other files the shards' rows follow each other.
    """

    name: str
    make: Callable[..., pd.DataFrame]
    parents: tuple[str, ...] = ()
    once: bool = False
