"""The rows of a frame, one by one."""

from __future__ import annotations

from typing import Any

import pandas as pd


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame by column name."""
    return [
        {str(name): value for name, value in row.items()} for row in frame.to_dict(orient="records")
    ]
