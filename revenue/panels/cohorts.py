"""What is left of the customers that came together: a triangle, and the customers of a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from revenue import analytics, metrics, queries
from revenue.panels.known import DATASETS, LEFT, label, unrated
from revenue.panels.switches import Switch
from revops_site.kernel import periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.frames import array, arrays, framed
from revops_site.kernel.panels import Page, Panel, Shown
from revops_site.kernel.queries import shared

MEASURES = {"net": "Net MRR", "gross": "Gross MRR", "logo": "Customers"}
UNITS = {"month": "By month", "quarter": "By quarter"}
FIELDS = {
    "net": ("revenue_retention", metrics.COHORT_NET),
    "gross": ("gross_retention", metrics.COHORT_GROSS),
    "logo": ("logo_retention", metrics.COHORT_LOGO),
}
TITLES = {
    "net": "What do cohorts pay of what they began with?",
    "gross": "How much of what cohorts began with is kept?",
    "logo": "How many customers of each cohort are left?",
}
LONGEST = {"month": 36, "quarter": 12}
SHOWN = {"month": (*range(1, 13), 18, 24, 30, 36), "quarter": tuple(range(1, 13))}
MOST = {"month": 24, "quarter": 16}
DEPTHS = (0.35, 0.6, 0.75, 0.85, 0.95)
PATTERNS = {"open": "not all have had that long yet", "few": "fewer than 10 customers"}
FEW = (
    "Striped: not all have had that long yet. Hatched: fewer than 10 customers, which says little."
)
MEASURE, UNIT = "net", "month"


@shared
def aged(slice_: Slice, unit: str) -> pd.DataFrame:
    """Each cohort after each number of months or quarters."""
    known, at = queries.ends(), queries.month(slice_)
    rows, rates = queries.cohorts(slice_), queries.cohort_rates(slice_)
    first, last = (known[0], at) if known and at else (slice_.as_of, slice_.as_of)
    found = analytics.cohorts_by_month(rows, rates, first, last, slice_.as_of)
    return found if unit == "month" else analytics.cohorts_by_quarter(found, slice_.first_month)


def triangle(slice_: Slice, measure: str, unit: str) -> pd.DataFrame:
    """A row per cohort, the newest first, with all columns of the panel."""
    found = analytics.triangle(aged(slice_, unit), FIELDS[measure][0])
    cohorts = [one.date() for one in found["cohort"]]
    names = [name_of(one, unit, slice_.first_month) for one in cohorts]
    codes = [code_of(one, unit, slice_.first_month) for one in cohorts]
    known = {"key": array(names, "str"), "code": array(codes, "str"), **arrays(found)}
    for age in range(1, LONGEST[unit] + 1):
        if f"a{age}" not in known:
            known[f"a{age}"] = np.full(len(found), np.nan)
            known[f"m{age}"] = array([""] * len(found), "object")
    return framed(known)


def name_of(cohort: Any, unit: str, first_month: int) -> str:
    """A cohort as people name it: ``Nov 2026``, ``Q4 2026``."""
    return label(cohort) if unit == "month" else periods.quarter_label(cohort, first_month)


def code_of(cohort: Any, unit: str, first_month: int) -> str:
    """A cohort as an address names it: ``2026-11``, ``2026Q4``."""
    if unit == "month":
        return periods.month_label(cohort)
    return periods.quarter_code(cohort, first_month)


def notes(slice_: Slice) -> Sequence[str]:
    """What the patterns mean, who is in the first cohort, and what has no rate."""
    known = queries.ends()
    if known is None:
        return unrated(slice_)
    before = f"{label(known[0])} is where the data begin: its cohort holds all who paid already."
    return [FEW, before, *unrated(slice_)]


def depth(share: float) -> int:
    """How deep a share is tinted: what is kept whole is the deepest."""
    return 1 + sum(round(share, 9) >= step for step in DEPTHS)


def _panel(measure: str, unit: str) -> Panel:
    noun = "month" if unit == "month" else "quarter"
    return Panel(
        slug=f"cohorts-{measure}-{unit}",
        title=TITLES[measure],
        question=f"Customers by the {noun} that they first paid in; after so many {noun}s. "
        f"A cell leads to its customers. As far as {LONGEST[unit]} {noun}s.",
        frame=partial(triangle, measure=measure, unit=unit),
        columns=(
            Shown("key", "Cohort"),
            Shown("customers", "Customers", "integer"),
            Shown("base", "MRR at first", "money", help="In the first month, at its rate now."),
            *(
                Shown(
                    f"a{age}",
                    f"+{age}",
                    "percent",
                    depth=depth,
                    marks=f"m{age}",
                    words=PATTERNS,
                    link=f"/revenue/cohorts/of/{unit}/{{code}}/{age}/",
                    filed=age not in SHOWN[unit],
                    help=f"After {age} {noun}{'s' if age > 1 else ''}.",
                )
                for age in range(1, LONGEST[unit] + 1)
            ),
        ),
        dimensions=LEFT[: LEFT.index("reason")] if "reason" in LEFT else LEFT,
        width="col-12",
        unit="",
        note=notes,
        most=MOST[unit],
        nothing="Nobody has paid yet, as far as the data know.",
    )


def page(measure: str, unit: str) -> Page | None:
    """The page of one measure and unit; None where there is no such one."""
    return PAGES.get((measure, unit))


def address(measure: str, unit: str) -> str:
    """Where a measure stands by month or quarter."""
    whole = (measure, unit) == (MEASURE, UNIT)
    return "/revenue/cohorts/" if whole else f"/revenue/cohorts/{measure}/{unit}/"


def switches(measure: str, unit: str) -> tuple[Switch, ...]:
    """What else the triangle can show."""
    return (
        Switch("Kept", MEASURES, measure, lambda code: address(code, unit)),
        Switch("Cohorts", UNITS, unit, lambda code: address(measure, code)),
    )


def _page(measure: str, unit: str) -> Page:
    return Page(
        slug="cohorts" if (measure, unit) == (MEASURE, UNIT) else f"cohorts-{measure}-{unit}",
        title="Cohorts",
        url=address(measure, unit),
        panels=(_panel(measure, unit),),
        datasets=DATASETS,
        dimensions=LEFT,
        choices=queries.choices,
        default_period="all",
        dated=False,
    )


PAGES: Mapping[tuple[str, str], Page] = {
    (measure, unit): _page(measure, unit) for measure in MEASURES for unit in UNITS
}
PAGE = PAGES[MEASURE, UNIT]
