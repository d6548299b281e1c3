"""What every widget of the published contract carries beside its own fields."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import pandas as pd

from revops_site.kernel import freshness

STAMPS = ("created_at", "updated_at", "data_freshness")


def stamped(frame: pd.DataFrame, datasets: Collection[str]) -> pd.DataFrame:
    """The frame with the columns of ``stamps``, the same in each row."""
    return frame.assign(
        **{
            name: pd.Series([value] * len(frame), index=frame.index, dtype="object")
            for name, value in stamps(datasets).items()
        }
    )


def stamps(datasets: Collection[str]) -> dict[str, str | None]:
    """``STAMPS``, each a text in ISO form, None where nothing was loaded.

    ``created_at`` and ``updated_at`` say when the first and the newest of the data came in, in UTC;
    ``data_freshness`` is the last day that they tell of.
    """
    first, newest, last = freshness.stamps(datasets)
    texts = (_text(first), _text(newest), None if last is None else last.isoformat())
    return dict(zip(STAMPS, texts, strict=True))


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
