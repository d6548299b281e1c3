"""What a step of a bridge did to a deal, in words: old → new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from revops_site.kernel import formats

STATUS = {"open": "Open", "won": "Won", "lost": "Lost", "deleted": "Deleted"}
DATES = ("pulled_in", "pushed_in", "pulled_out", "pushed_out")
MONEY = ("increased", "decreased")


def told(rows: pd.DataFrame, step: str) -> pd.DataFrame:
    """The deals of a step with what it did to each (``told``) and by how much (``change``).

    ``change`` is what the step moved in the reporting currency.
    """
    words = [_words(step, row) for row in rows.to_dict(orient="records")]
    return rows.assign(
        change=rows["moved"], told=pd.Series(words, index=rows.index, dtype="object")
    )


def _words(step: str, row: Mapping[Any, Any]) -> str:
    if step in DATES:
        return _arrow(_day(row["close_then"]), _day(row["close_now"]))
    if step in MONEY:
        return _arrow(_money(row, "then"), _money(row, "now"))
    if step == "currency":
        return _arrow(_value(row["start"]), _value(row["end"]))
    if step in {"added", "removed"}:
        for name in ("owner", "category"):
            if row[f"{name}_then"] != row[f"{name}_now"]:
                return _arrow(row[f"{name}_then"], row[f"{name}_now"])
    return _arrow(STATUS.get(row["status_then"]), STATUS.get(row["status_now"]))


def _arrow(old: str | None, new: str | None) -> str:
    return f"{old or formats.UNKNOWN} → {new or formats.UNKNOWN}"


def _day(day: Any) -> str:
    return "" if pd.isna(day) else f"{pd.Timestamp(day):%Y-%m-%d}"


def _money(row: Mapping[Any, Any], day: str) -> str:
    amount, money = row[f"amount_{day}"], row[f"money_{day}"]
    return "" if pd.isna(amount) else f"{formats.show(amount, 'decimal')} {money}"


def _value(value: float) -> str:
    return formats.show(round(value, 2), "decimal")
