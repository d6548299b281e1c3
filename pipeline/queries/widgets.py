"""What every widget of the published contract carries beside its own fields."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import pandas as pd

from revops_site.kernel import freshness

STAMPS = ("created_at", "updated_at", "data_freshness")


def stamped(frame: pd.DataFrame, datasets: Collection[str]) -> pd.DataFrame:
    """The frame with ``STAMPS``, each a text in ISO form, None where nothing was loaded.

    ``created_at`` and ``updated_at`` say when the first and the newest of its data came in, in UTC;
    ``data_freshness`` is the last day that they tell of.
    """
    first, newest, last = freshness.stamps(datasets)
    stamps = (_text(first), _text(newest), None if last is None else last.isoformat())
    return frame.assign(
        **{
            name: pd.Series([value] * len(frame), index=frame.index, dtype="object")
            for name, value in zip(STAMPS, stamps, strict=True)
        }
    )


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
