"""Pipeline's arithmetic: frames of operands in, rates, ranges and changes over time out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from pipeline import metrics as m
from revops_site.kernel.formats import MONTHS
from revops_site.kernel.intervals import wilson
from revops_site.kernel.metrics import Measured, Metric, column, measure
from revops_site.kernel.periods import Period, plus

SEGMENTS = ("SMB", "MM", "ENT")
NOBODY = "No owner"
NO_SEGMENT = "No segment"
FEW = 5  # fewer cases than these say little
WEEKLY_UP_TO = 120  # days that are drawn by week; longer periods by month
ENDS = ["min_value", "target_value", "max_value"]
FLOWS = ("created", "won", "lost")


def kpis(operands: pd.DataFrame, metrics: Sequence[Metric] = m.METRICS) -> dict[str, Measured]:
    """The metrics whose operands are columns of a frame of one row, by field name."""
    known = [metric for metric in metrics if set(metric.operands) <= set(operands.columns)]
    return {metric.field: measure(metric, operands) for metric in known}


def win_rate_range(operands: pd.DataFrame) -> tuple[float | None, float | None]:
    """The ends of the win rate's 95 % interval (P08), of a frame of one row; None where unknown."""
    won, lost = float(operands["won"].iloc[0]), float(operands["lost"].iloc[0])
    return wilson(won, won + lost) or (None, None)


def stage_distribution(stock: pd.DataFrame, stages: pd.DataFrame) -> pd.DataFrame:
    """One row per stage in stage order (P11), also the empty ones.

    Columns stage, open_deals, amount, weighted, share (fraction of the whole amount),
    avg_open_deal_size, is_planned. Stages that no plan names come last, the likelier to be won
    the later.
    """
    known = stages.merge(stock, how="outer", on="stage_name")
    numbers = [name for name in stock.columns if name != "stage_name"]
    known[numbers] = known[numbers].fillna(0).astype({name: stock[name].dtype for name in numbers})
    chance = known["open_weighted"] / known["open_amount"].where(known["open_amount"] != 0)
    ordered = known.assign(
        chance=chance.where(known["stage_order"].isna(), 0.0).fillna(0.0)
    ).sort_values(["stage_order", "chance", "stage_name"], na_position="last", ignore_index=True)
    return pd.DataFrame(
        {
            "stage": ordered["stage_name"],
            "open_deals": ordered["open_deals"],
            "amount": ordered["open_amount"],
            "weighted": ordered["open_weighted"],
            "share": ordered["open_amount"] / (ordered["open_amount"].sum() or np.nan),
            "avg_open_deal_size": column(m.AVG_OPEN, ordered),
            "is_planned": ordered["stage_order"].notna(),
        }
    )


def owner_performance(
    stock: pd.DataFrame, flows: pd.DataFrame, names: Mapping[str, str]
) -> pd.DataFrame:
    """One row per owner (P12), the largest open amount first, then by name.

    Columns owner, owner_id, open_deals, open_amount, won, lost, win_rate with its interval
    ``low`` and ``high``, few (so few decided deals that the rate says little), won_amount,
    avg_deal_size, avg_sales_cycle_days.
    """
    both = stock.merge(flows, how="outer", on="owner_id")
    numbers = [name for name in both.columns if name != "owner_id"]
    both[numbers] = both[numbers].fillna(0)
    counts = ["open_deals", "won", "lost"]
    both[counts] = both[counts].astype("int64")
    both = both[both[[*counts]].any(axis=1)]
    both = with_win_rate(both).assign(
        owner=[names.get(one, one) or NOBODY for one in both["owner_id"]],
        avg_deal_size=column(m.DEAL_SIZE, both),
        avg_sales_cycle_days=column(m.CYCLE, both),
    )
    columns = ["owner", "owner_id", "open_deals", "open_amount", "won", "lost", *RATE]
    ordered = both.sort_values(
        ["open_amount", "owner", "owner_id"], ascending=[False, True, True], ignore_index=True
    )
    return ordered[[*columns, "won_amount", "avg_deal_size", "avg_sales_cycle_days"]]


RATE = ("win_rate", "low", "high", "few")


def with_win_rate(groups: pd.DataFrame) -> pd.DataFrame:
    """Adds ``RATE``: the win rate, its interval, and whether it rests on fewer than 5 deals."""
    ends = [
        wilson(won, won + lost) or (np.nan, np.nan)
        for won, lost in zip(groups["won"], groups["lost"], strict=True)
    ]
    decided = groups["won"] + groups["lost"]
    return groups.assign(
        win_rate=column(m.WIN_RATE, groups),
        low=pd.Series([low for low, _ in ends], index=groups.index, dtype="float64"),
        high=pd.Series([high for _, high in ends], index=groups.index, dtype="float64"),
        few=_few(decided),
    )


def win_rate_by_segment(flows: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Win rate of each segment beside its target (P06, P08), small customers first.

    Columns key (what the segment is called), segment, won, lost, win_rate, low, high, few,
    min_value, target_value, max_value and verdict: ``below`` or ``above`` the range, else
    ``within``; None where there is no range, no decided deal, or too few of them.
    """
    groups = with_win_rate(_keyed(flows)).merge(targets, how="left", on="segment")
    verdict = _verdict(groups["win_rate"].where(groups["few"] == ""), groups)
    columns = ["key", "segment", "won", "lost", *RATE, *ENDS]
    return by_size(groups.assign(verdict=verdict)[[*columns, "verdict"]])


def cycle_by_segment(flows: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Sales cycle of each segment beside its benchmark (P09), small customers first.

    Columns key, segment, won, avg_sales_cycle_days, few, min_value, target_value, max_value,
    verdict as in ``win_rate_by_segment``.
    """
    groups = _keyed(flows).assign(
        avg_sales_cycle_days=column(m.CYCLE, flows), few=_few(flows["won"])
    )
    groups = groups.merge(targets, how="left", on="segment")
    verdict = _verdict(groups["avg_sales_cycle_days"].where(groups["few"] == ""), groups)
    columns = ["key", "segment", "won", "avg_sales_cycle_days", "few", *ENDS]
    return by_size(groups.assign(verdict=verdict)[[*columns, "verdict"]])


def by_size(groups: pd.DataFrame) -> pd.DataFrame:
    """The rows from small customers to large ones, then other segments by name."""
    place = {code: at for at, code in enumerate(SEGMENTS)}
    return groups.sort_values(
        "segment",
        key=lambda codes: codes.map(lambda code: (place.get(code, len(place)), code)),
        ignore_index=True,
    )


def unit(period: Period | None) -> str:
    """Whether a period is drawn by ``week`` or by ``month``."""
    return "week" if period is not None and period.days <= WEEKLY_UP_TO else "month"


def flow(flows: pd.DataFrame, by: str, period: Period | None, as_of: date) -> pd.DataFrame:
    """What was created, won and lost in each week or month of a period, also in the empty ones.

    Columns key (the label of the week or month), start, end (datetime64): the days inside that are
    summed; then count and amount of each of ``FLOWS``, is_partial: cut by an end of the period or
    by ``as_of``. Without a period the first one with data is the first.
    """
    if flows.empty:
        return pd.DataFrame(columns=["key", "start", "end", *_flow_columns(), "is_partial"])
    starts = _starts(flows[by], by, period, as_of)
    filled = flows.set_index(by)[_flow_columns()].reindex(starts, fill_value=0)
    frame = filled.rename_axis("start").reset_index()
    step = pd.DateOffset(months=1) if by == "month" else pd.DateOffset(days=7)
    ends = frame["start"] + step - pd.Timedelta(days=1)
    frame.insert(1, "end", ends.astype("datetime64[s]"))
    last = pd.Timestamp(min(period.last_day, as_of) if period else as_of)
    first = pd.Timestamp(period.start) if period else frame["start"].min()
    partial = (frame["end"] > last) | (frame["start"] < first)
    inside = frame.assign(
        key=[_label(start, by) for start in frame["start"]],
        start=frame["start"].mask(frame["start"] < first, first),
        end=frame["end"].mask(frame["end"] > last, last),
    )
    return inside.assign(is_partial=partial)


def sparklines(weeks: pd.DataFrame, metrics: Sequence[Metric]) -> dict[str, list[float | None]]:
    """Each metric's weekly values by field name, None where a week leaves it undefined."""
    return {
        metric.field: [None if pd.isna(v) else float(v) for v in column(metric, weeks)]
        for metric in metrics
    }


def _label(start: pd.Timestamp, by: str) -> str:
    day = start.date()
    name = MONTHS[day.month - 1]
    return f"{name} {day.year}" if by == "month" else f"{day.day} {name} {day.year}"


def _flow_columns() -> list[str]:
    return [f"{event}{part}" for part in ("", "_amount") for event in FLOWS]


def _starts(
    known: pd.Series[pd.Timestamp], by: str, period: Period | None, as_of: date
) -> pd.DatetimeIndex:
    first = pd.Timestamp(period.start) if period else known.min()
    last = pd.Timestamp(min(period.last_day, as_of) if period else as_of)
    if by == "month":
        return pd.date_range(first.replace(day=1), last, freq="MS", unit="s")
    return pd.date_range(plus(first.date(), -first.weekday()), last, freq="7D", unit="s")


def _keyed(groups: pd.DataFrame) -> pd.DataFrame:
    return groups.assign(key=groups["segment"].replace("", NO_SEGMENT))


def _few(cases: pd.Series[int]) -> pd.Series[str]:
    """``few`` where a ratio rests on so little that it says little, else nothing."""
    return pd.Series(["few" if n < FEW else "" for n in cases], cases.index, dtype="object")


def _verdict(values: pd.Series[float], ranges: pd.DataFrame) -> pd.Series[str]:
    value = values.round(9)
    low, high = value < ranges["min_value"], value > ranges["max_value"]
    known = value.notna() & ranges[["min_value", "max_value"]].notna().any(axis=1)
    words = pd.Series("within", index=values.index, dtype="object")
    return words.mask(low, "below").mask(high, "above").where(known, None)
