"""A quarter as it would be if some deals stood otherwise, reckoned as the forecast always is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from pipeline.analytics import reckoned
from pipeline.analytics.assumed import Assumed
from pipeline.analytics.reckoned import Taught
from revops_site.kernel.periods import Period

LEFT_OUT, INTO, OUT_OF, OTHERWISE = "Left out", "Moves in", "Moves out", "Changed"
NOWHERE = "Not in the quarter"


def changed(deals: pd.DataFrame, assumed: Mapping[str, Assumed]) -> pd.DataFrame:
    """The open deals as they would stand: without those left out, at other dates and amounts.

    Of deal_id, close_date, value (reporting currency) and own_amount (the deal's own), which
    moves by the same factor. The frame that is given stays as it is.
    """
    kept = deals[~deals["deal_id"].isin([deal for deal, one in assumed.items() if one.is_out])]
    closes = {deal: pd.Timestamp(one.close) for deal, one in assumed.items() if one.close}
    amounts = {deal: one.amount for deal, one in assumed.items() if one.amount is not None}
    close = kept["deal_id"].map(closes).astype(kept["close_date"].dtype)
    value = kept["deal_id"].map(amounts).astype("float64")
    factor = (value / kept["value"]).where(kept["value"] > 0)
    own = (kept["own_amount"] * factor).fillna(value.where(kept["own_amount"].isna()))
    return kept.assign(
        close_date=close.fillna(kept["close_date"]),
        value=value.fillna(kept["value"]),
        own_amount=own.fillna(kept["own_amount"]),
    )


def scored(
    deals: pd.DataFrame,
    assumed: Mapping[str, Assumed],
    day: date,
    first_month: int,
    taught: Taught,
    quarter: Period | None = None,
    *,
    is_over: bool = False,
) -> pd.DataFrame:
    """The deals as they would stand, as ``reckoned.scored`` gives them.

    Health and chance are judged as if each stood so; a chance that is assumed takes the place of
    the judged one where the deal is expected in the quarter.
    """
    judged = reckoned.scored(
        changed(deals, assumed), day, first_month, taught, quarter, is_over=is_over
    )
    chances = {deal: one.chance for deal, one in assumed.items() if one.chance is not None}
    p = judged["deal_id"].map(chances).astype("float64").where(judged["is_mine"])
    return judged.assign(p=p.fillna(judged["p"]))


def differences(
    before: pd.DataFrame, after: pd.DataFrame, assumed: Mapping[str, Assumed]
) -> pd.DataFrame:
    """What becomes of each deal that something is assumed of, the largest effect first.

    ``before`` and ``after`` are scored. Columns deal_id, what, amount, amount_new, close_date,
    close_date_new, p, p_new, expected, expected_new, expected_change: money in the reporting
    currency, expected is the amount by its chance. What is new of a deal left out is unknown, and
    nothing is expected of it.
    """
    names = ["deal_id", "amount", "close_date", "p", "is_mine"]
    now = before.loc[before["deal_id"].isin(list(assumed)), names]
    then = after.loc[after["deal_id"].isin(list(assumed)), names]
    both = now.merge(then, how="left", on="deal_id", suffixes=("", "_new"))
    expected = (both["amount"] * both["p"]).fillna(0.0)
    expected_new = (both["amount_new"] * both["p_new"]).fillna(0.0)
    found = both.assign(
        what=[
            _what(was, new)
            for was, new in zip(both["is_mine"], both["is_mine_new"].tolist(), strict=True)
        ],
        expected=expected,
        expected_new=expected_new,
        expected_change=expected_new - expected,
    )
    size = found["expected_change"].abs()
    ordered = found.assign(size=size).sort_values(["size", "deal_id"], ascending=[False, True])
    return ordered[list(CHANGES)].reset_index(drop=True)


CHANGES = (
    *("deal_id", "what", "amount", "amount_new", "close_date", "close_date_new"),
    *("p", "p_new", "expected", "expected_new", "expected_change"),
)


def _what(was_mine: object, is_mine: object) -> str:
    """In a word; ``is_mine`` is unknown of a deal that is left out."""
    if is_mine is None or is_mine != is_mine:
        return LEFT_OUT
    if was_mine and is_mine:
        return OTHERWISE
    if was_mine:
        return OUT_OF
    return INTO if is_mine else NOWHERE
