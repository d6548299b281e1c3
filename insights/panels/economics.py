"""What a customer costs, what one is worth, and when the cost is earned back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import isnan, nan
from typing import Any

import pandas as pd

from marketing import queries as spending
from marketing.panels.known import unrated as without_rate
from revenue import analytics, metrics
from revenue import queries as customers
from revenue.panels.known import DATASETS, NO_SEGMENT, no_movement, unrated
from revops_site.kernel import periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Measured, Metric
from revops_site.kernel.panels import TILE_COLUMNS, Page, Panel, Shown, Tile, tile_frame
from revops_site.kernel.periods import Period
from revops_site.kernel.queries import shared

KNOWN = ("segment", "region", "plan", "team", "owner")
SALES = (
    "Marketing CAC: what marketing spent. No file tells what sales costs, so it is not in; fully "
    "loaded, CAC and payback are higher and LTV : CAC is lower than here."
)
NOBODYS = (
    "Spend belongs to no rep, team or plan: what a customer costs is known of whole segments and "
    "regions alone."
)
NO_MARGIN = "Gross margin is not known: give it per segment as the benchmark gross_margin."
VERDICTS = {"met": "On target", "missed": "Off target"}
TONES = {"met": "good", "missed": "bad"}
OF_ALL = "all"


@shared
def economics(slice_: Slice, by: str) -> pd.DataFrame:
    """Costs and worth of each group of ``by``: segment, region, or "" for all together."""
    nobody = pd.DataFrame(columns=["group", *analytics.ECONOMICS_GIVEN])
    at, found = customers.month(slice_), customers.window(slice_)
    if at is None or found is None:
        return nobody
    keys = (by,) if by else ()
    then = _a_year_back(at)
    now = _by(customers.months(slice_, at, at, *keys, "month"), by)
    moved = _by(customers.months(slice_, *found, *keys, "month"), by)
    year = _by(customers.months(slice_, max(then, _first(slice_)), at, *keys, "month"), by)
    spent = _spent(slice_, _days(found, slice_), by)
    margin = _margins(slice_, at, by)
    rows = []
    for group in sorted({*now.index, *moved.index, *spent} - {""} if by else {OF_ALL}):
        here, gone, came = (_row(one, group) for one in (now, year, moved))
        rows.append(
            {
                "group": group,
                "cost": nan if _is_narrow(slice_) else spent.get(group, 0.0),
                "new_customers": came["new_customers"],
                "new_mrr": came["new"],
                "customers": here["customers"],
                "mrr": here["mrr"],
                "arpa": _over(here["mrr"], here["customers"]),
                "arpa_new": _over(came["new"], came["new_customers"]),
                "gross_margin": margin.get(group, nan),
                "monthly_churn": _over(gone["churn_customers"], gone["starting_customers"]),
            }
        )
    return analytics.economics(pd.DataFrame(rows)) if rows else nobody


def tiles(slice_: Slice) -> Sequence[Tile]:
    """The figures of all that the filters let in."""
    found = economics(slice_, "")
    if found.empty or not found["customers"].iloc[0]:
        return []
    row = found.iloc[0]
    previous = slice_.previous()
    before = economics(previous, "") if previous is not None else found.iloc[:0]
    return [
        Tile(
            metric=metric,
            now=_measured(metric, row),
            before=_value(before.iloc[0][metric.field]) if len(before) else None,
            change=_change(metric, row, before),
            weeks=(),
            note=_why(metric, row),
            narrows=None,
        )
        for metric in metrics.ECONOMICS
    ]


def by_segment(slice_: Slice) -> pd.DataFrame:
    """Each segment beside its targets."""
    found = economics(slice_, "segment").rename(columns={"group": "segment"})
    if found.empty:
        return pd.DataFrame(columns=list(SEGMENTS.names))
    for field, kind, least in (
        ("ltv_cac_ratio", "ltv_cac_targets", True),
        ("cac_payback_months", "cac_payback_targets", False),
    ):
        found = analytics.judged(found, customers.yardsticks(kind), field, least=least)
    order = {code: place for place, code in enumerate(analytics.SEGMENTS)}
    places = [order.get(code, len(order)) for code in found["segment"]]
    return found.iloc[sorted(range(len(found)), key=places.__getitem__)]


def by_region(slice_: Slice) -> pd.DataFrame:
    """Each region."""
    found = economics(slice_, "region").rename(columns={"group": "region"})
    return found if len(found) else pd.DataFrame(columns=list(REGIONS.names))


def notes(slice_: Slice) -> Sequence[str]:
    """What is not in, and why."""
    said = [NOBODYS] if _is_narrow(slice_) else [SALES]
    if customers.yardsticks("gross_margin")["target_value"].isna().all():
        said.append(NO_MARGIN)
    return [*said, *without_rate(slice_), *unrated(slice_)]


def _measured(metric: Metric, row: pd.Series[Any]) -> Measured:
    return Measured(metric, _value(row[metric.field]), {})


def _value(found: Any) -> float | None:
    return None if found is None or isnan(found) else float(found)


def _change(metric: Metric, row: pd.Series[Any], before: pd.DataFrame) -> float | None:
    now = _value(row[metric.field])
    then = _value(before.iloc[0][metric.field]) if len(before) else None
    if now is None or then is None:
        return None
    if metric.change == "points":
        return now - then
    return (now - then) / abs(then) if then else None


def _why(metric: Metric, row: pd.Series[Any]) -> str:
    """Why a figure is none, or what else has to be known of it."""
    if not isnan(row[metric.field]):
        return "Without the cost of sales." if metric is metrics.CAC else ""
    if metric is metrics.ANNUALIZED:
        return "Needs MRR history."
    if metric is not metrics.CAC and isnan(row["gross_margin"]):
        return "Needs a gross margin."
    if metric is metrics.LTV and not row["monthly_churn"]:
        return "Nobody left in twelve months."
    return "Not known of this part." if isnan(row["cost"]) else "Nobody came."


def _is_narrow(slice_: Slice) -> bool:
    """Whether the slice is of customers that spend cannot be told of."""
    return slice_.is_scoped or bool(slice_.plan)


def _by(months: pd.DataFrame, by: str) -> pd.DataFrame:
    """The sums over the months of each group, or of all."""
    numbers = months.drop(columns=["month", *([by] if by else [])])
    return numbers.groupby(months[by] if by else [OF_ALL] * len(months)).sum()


def _row(of: pd.DataFrame, group: str) -> Mapping[str, float]:
    names = [str(name) for name in of.columns]
    if group not in of.index:
        return dict.fromkeys(names, 0.0)
    return dict(zip(names, of.loc[[group]].to_numpy(dtype="float64")[0].tolist(), strict=True))


def _over(above: float, below: float) -> float:
    return above / below if below else nan


def _spent(slice_: Slice, days: Period, by: str) -> Mapping[str, float]:
    """What marketing spent in the days of the window, by segment or region."""
    rows = spending.mix(replace(slice_, period=days, channel=(), campaign=()))
    if not by:
        return {OF_ALL: float(rows["spend"].sum())}
    sums = rows.groupby({"segment": "segment", "region": "geo"}[by])["spend"].sum()
    return {str(name): float(one) for name, one in sums.items()}


def _margins(slice_: Slice, at: date, by: str) -> Mapping[str, float]:
    keys = dict.fromkeys((by or "segment", "segment"))
    groups = customers.months(slice_, at, at, *keys)
    targets = customers.yardsticks("gross_margin")
    if by:
        return analytics.margins(targets, groups, by)
    return analytics.margins(targets, groups.assign(group=OF_ALL), "group")


def _days(window: tuple[date, date], slice_: Slice) -> Period:
    """From the first day of the first month to the last one's last, as far as the data go."""
    return Period(window[0], periods.month(window[1]).end).until(slice_.as_of)


def _a_year_back(at: date) -> date:
    months = at.year * 12 + at.month - 12
    return date(months // 12, months % 12 + 1, 1)


def _first(slice_: Slice) -> date:
    """The first month of which it is known what was paid before."""
    known = customers.ends()
    return periods.month(known[0]).end if known else slice_.as_of


CAC = Shown("cac", "Marketing CAC", "money", help=metrics.CAC.meaning)
LTV = Shown("ltv", "LTV", "money", help=metrics.LTV.meaning)
RATIO = Shown("ltv_cac_ratio", "LTV : CAC", "ratio", help=metrics.LTV_CAC.meaning)
BEHIND = (
    Shown("cost", "Marketing spend", "money"),
    Shown("new_customers", "New customers", "integer", metric=metrics.NEW_CUSTOMERS),
    Shown("arpa", "ARPA", "money", metric=metrics.ARPA),
    Shown("gross_margin", "Gross margin", "percent"),
    Shown("monthly_churn", "Churn a month", "percent_auto", help="Of twelve months."),
    Shown("annualized_churn", "a year", "percent_auto", help=metrics.ANNUALIZED.meaning),
)


def _held(field: str, show: str, said: str) -> tuple[Shown, ...]:
    return (
        Shown(f"{field}_target", "Target", show, help=said),
        Shown(f"{field}_verdict", "Verdict", tone=TONES, words=VERDICTS),
    )


PAYS_BACK = Shown("cac_payback_months", "Payback, months", "decimal1", help=metrics.PAYBACK.meaning)
HEADLINE = Panel(
    slug="unit-economics",
    title="Headline figures",
    question="Does a customer bring more than it costs?",
    frame=lambda slice_: tile_frame(tiles(slice_)),
    tiles=tiles,
    columns=TILE_COLUMNS,
    dimensions=KNOWN,
    note=notes,
    width="col-12",
    nothing=no_movement,
)
SEGMENTS = Panel(
    slug="economics-by-segment",
    title="In which segment does a customer earn back its cost?",
    question="Spend and new customers of the period's months; LTV : CAC should be at least its "
    "target, payback at most.",
    frame=by_segment,
    columns=(
        Shown("segment", "Segment", drill="segment", words=NO_SEGMENT),
        *(CAC, LTV, RATIO),
        *_held("ltv_cac_ratio", "ratio", "At least."),
        PAYS_BACK,
        *_held("cac_payback_months", "decimal1", "At most."),
        *BEHIND,
    ),
    dimensions=KNOWN,
    width="col-12",
    nothing=no_movement,
    narrows=lambda row: {"segment": (row["segment"],)},
)
REGIONS = Panel(
    slug="economics-by-region",
    title="Where does a customer earn back its cost?",
    question="Spend and new customers of the period's months.",
    frame=by_region,
    columns=(Shown("region", "Region", drill="region"), CAC, LTV, RATIO, PAYS_BACK, *BEHIND),
    dimensions=KNOWN,
    width="col-12",
    nothing=no_movement,
    narrows=lambda row: {"region": (row["region"],)},
)
PAGE = Page(
    slug="unit-economics",
    title="Unit economics",
    url="/revenue/unit-economics/",
    panels=(HEADLINE, SEGMENTS, REGIONS),
    datasets=DATASETS,
    dimensions=KNOWN,
    choices=customers.choices,
    default_period="365d",
)
