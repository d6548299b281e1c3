"""One cell of a triangle: how it comes about, and the customers that it is of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import partial

import pandas as pd

from revenue import metrics, queries
from revenue.panels import cohorts
from revenue.panels.known import DATASETS, KNOWN, LEFT, label, unrated
from revops_site.kernel import periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.listings import Flag, Listing
from revops_site.kernel.panels import Page, Panel, Shown

MONTH = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", re.ASCII)
QUARTER = re.compile(r"(19|20|21)\d\dQ[1-4]", re.ASCII)
OLDEST = 600  # months
STATES = {"stays": "Pays", "left": "Pays nothing"}
ROWS = (
    ("logo", metrics.COHORT_LOGO, "staying", "customers"),
    ("net", metrics.COHORT_NET, "mrr", "base"),
    ("gross", metrics.COHORT_GROSS, "kept", "base"),
)


def measures(slice_: Slice, unit: str, code: str, age: int) -> pd.DataFrame:
    """Each measure of the cell with what is divided by what."""
    found = cohorts.aged(slice_, unit)
    at = pd.Timestamp(_first(code, unit, slice_.first_month))
    cell = found[(found["cohort"] == at) & (found["age"] == age)]
    rows = [
        (
            metric.label.removesuffix(", by cohort"),
            row[metric.field],
            row[over],
            row[under],
            f"{over} / {under}",
        )
        for row in cell.to_dict("records")
        for _, metric, over, under in ROWS
    ]
    return pd.DataFrame(rows, columns=["measure", "value", "over", "under", "formula"])


def pairs(slice_: Slice, unit: str, code: str, age: int) -> Mapping[date, date]:
    """The monthly cohorts that have had that long, each with the month that it leads to."""
    first, last = _first(code, unit, slice_.first_month), queries.month(slice_)
    count, step = (1, age) if unit == "month" else (3, 3 * age)
    begun = [_plus(first, nth) for nth in range(count)]
    later = {one: _plus(one, step) for one in begun}
    return {one: at for one, at in later.items() if last is not None and at <= last}


def page(unit: str, code: str, age: int) -> Page | None:
    """The page of a cell; None where no triangle has such a one."""
    known = (MONTH if unit == "month" else QUARTER).fullmatch(code)
    if unit not in cohorts.UNITS or known is None or not 0 < age <= OLDEST:
        return None
    noun = f"{unit}{'s' if age > 1 else ''}"
    title = f"Customers of {_called(code, unit)} after {age} {noun}"
    return Page(
        slug=f"cohort-{unit}-{code}-{age}",
        title=title,
        url=f"/revenue/cohorts/of/{unit}/{code}/{age}/",
        panels=(_panel(unit, code, age),),
        listings=(_listing(unit, code, age),),
        datasets=DATASETS,
        dimensions=LEFT,
        choices=queries.choices,
        default_period="all",
        dated=False,
    )


def _panel(unit: str, code: str, age: int) -> Panel:
    return Panel(
        slug="cohort-measures",
        title="How does it come about?",
        question="Money at the rate of the later month's end, on both sides.",
        frame=partial(measures, unit=unit, code=code, age=age),
        columns=(
            Shown("measure", "Kept"),
            Shown("value", "Share", "percent1"),
            Shown("over", "Later", "decimal1", help="Customers, or MRR."),
            Shown("under", "At first", "decimal1", help="Customers, or MRR."),
            Shown("formula", "Formula"),
        ),
        dimensions=KNOWN,
        about=f"{unit} {code} {age}",
        width="col-12",
        note=unrated,
        nothing="The data have no such cohort, or it has not had that long yet.",
    )


def _listing(unit: str, code: str, age: int) -> Listing:
    return Listing(
        slug="cohort-customers",
        title="Customers of the cohort",
        question="All that are in, with what each paid in its first month and pays later.",
        rows=lambda slice_: queries.later(slice_, pairs(slice_, unit, code, age)),
        columns=(
            Shown("account_name", "Customer", link="/accounts/{account_id}/"),
            Shown("customer_id", "Id"),
            Shown("owner_name", "Owner", link="/reps/{owner_id}/"),
            Shown("segment", "Segment", help="In its first month."),
            Shown("plan", "Plan", help="In its first month."),
            Shown("cohort", "First paid", "date"),
            Shown("state", "Later", words=STATES, tone={"left": "bad"}),
            Shown("first_value", "At first", "money", help="In the reporting currency."),
            Shown("later_value", "Later", "money", help="In the reporting currency."),
            Shown("kept_value", "Kept", "money", help="Without what it pays more than at first."),
            Shown("mrr", "Own MRR at first", "decimal"),
            Shown("currency", "Currency"),
            Shown("later", "Own MRR later", "decimal"),
            Shown("later_currency", "Currency later"),
        ),
        key=("customer_id", "month", "currency"),
        sort="-first_value",
        search=("account_name", "customer_id"),
        groups=("state", "segment", "plan", "owner_name"),
        sums=("first_value", "later_value", "kept_value"),
        hidden=("customer_id", "cohort", "mrr", "currency", "later", "later_currency"),
        flags={
            "gone": Flag("Pays nothing", queries.is_gone(), "Customers that pay nothing then."),
        },
        dimensions=KNOWN,
        unit="money",
        noun="customers",
    )


def _called(code: str, unit: str) -> str:
    if unit == "quarter":
        return f"{code[4:]} {code[:4]}"
    return label(date(int(code[:4]), int(code[5:]), 1))


def _first(code: str, unit: str, first_month: int) -> date:
    if unit == "quarter":
        return periods.coded_quarter(code, first_month).start
    return date(int(code[:4]), int(code[5:]), 1)


def _plus(month: date, months: int) -> date:
    number = month.year * 12 + month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
