"""How many of those who came together are left after so many months, and what they pay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from revops_site.kernel import periods
from revops_site.kernel.frames import array, framed, listed

FEW = 10
COLUMNS = {
    "cohort": "datetime64[s]",
    "age": "int64",
    "cohorts": "int64",
    "customers": "int64",
    "staying": "int64",
    "base": "float64",
    "mrr": "float64",
    "kept": "float64",
    "is_open": "bool",
}
RATIOS = {
    "logo_retention": ("staying", "customers"),
    "revenue_retention": ("mrr", "base"),
    "gross_retention": ("kept", "base"),
}


def by_month(
    rows: pd.DataFrame, rates: pd.DataFrame, first: date, last: date, as_of: date
) -> pd.DataFrame:
    """Each monthly cohort after 0, 1, 2 … months up to ``last`` (R16); nothing after it.

    ``rows`` are what ``queries.cohorts`` gives, ``rates`` the rates of its currencies at the
    months' ends. All money is at the rate of the later month's end, so that no currency moves a
    ratio: ``base`` is what the cohort paid in its first month, ``mrr`` what it pays, ``kept`` the
    same without what anybody pays more than then. Money without a rate is in neither. ``is_open``
    says that the later month has not ended by ``as_of``. Columns ``COLUMNS`` and ``RATIOS``.
    """
    rated = dict(
        zip(
            zip(listed(rates["month"]), listed(rates["currency"]), strict=True),
            listed(rates["rate"]),
            strict=True,
        )
    )
    months = [pd.Timestamp(one).to_pydatetime() for one in _months(first, last)]
    started: dict[Any, dict[str, tuple[int, float]]] = {}
    paid: dict[tuple[Any, Any], list[tuple[str, int, float, float]]] = {}
    columns = ("cohort", "month", "currency", "customers", "mrr", "kept")
    for cohort, month, currency, count, mrr, kept in zip(
        *(listed(rows[name]) for name in columns), strict=True
    ):
        if cohort == month:
            started.setdefault(cohort, {})[currency] = (count, mrr)
        paid.setdefault((cohort, month), []).append((currency, count, mrr, kept))
    found = []
    for cohort in sorted(started):
        begun = started[cohort]
        size = sum(count for count, _ in begun.values())
        for age, month in enumerate(one for one in months if one >= cohort):
            sums = [0.0, 0.0, 0.0]
            for currency, (_, mrr) in begun.items():
                sums[0] += _worth(mrr, rated.get((month, currency)))
            staying = 0
            for currency, count, mrr, kept in paid.get((cohort, month), ()):
                staying += count
                rate = rated.get((month, currency))
                sums[1] += _worth(mrr, rate)
                sums[2] += _worth(kept, rate)
            is_open = periods.month(month.date()).last_day > as_of
            found.append((cohort, age, 1, size, staying, *sums, is_open))
    return _framed(found)


def by_quarter(months: pd.DataFrame, first_month: int) -> pd.DataFrame:
    """Quarterly cohorts after 0, 1, 2 … quarters: sums of their monthly ones 0, 3, 6 … months on.

    So every customer has had as long. ``is_open`` where not all customers of the quarter have had
    that long yet: those are left out of both sides. A cohort is named by its fiscal quarter's first
    day; ``cohorts`` counts the monthly ones that are in. Columns as of ``by_month``.
    """
    sums: dict[tuple[Any, int], list[Any]] = {}
    whole: dict[Any, set[Any]] = {}
    names = list(COLUMNS)
    for cohort, age, *rest in zip(*(listed(months[name]) for name in names), strict=True):
        quarter = periods.fiscal_quarter(cohort.date(), first_month).start
        whole.setdefault(quarter, set()).add(cohort)
        if age % 3:
            continue
        of = sums.setdefault((quarter, age // 3), [0, 0, 0, 0.0, 0.0, 0.0, False])
        of[:-1] = [one + more for one, more in zip(of[:-1], rest[:-1], strict=True)]
        of[-1] = of[-1] or rest[-1]
    found = [
        (
            pd.Timestamp(quarter).to_pydatetime(),
            age,
            *of[:-1],
            of[-1] or of[0] < len(whole[quarter]),
        )
        for (quarter, age), of in sorted(sums.items())
    ]
    return _framed(found)


def triangle(cohorts: pd.DataFrame, measure: str) -> pd.DataFrame:
    """One row per cohort, the newest first: its size, and ``measure`` after each number of periods.

    Columns cohort, customers, base, and ``a<age>`` (None after the data end), ``m<age>`` (how that
    cell is marked: ``open``, ``few``, both or nothing) and ``n<age>`` (how many it rests on) for
    each age from 1 on that any cohort has.
    """
    oldest = int(cohorts["age"].max()) if len(cohorts) else 0
    of: dict[Any, dict[str, Any]] = {}
    names = ("cohort", "age", "customers", "base", "is_open", measure)
    for cohort, age, size, base, is_open, value in zip(
        *(listed(cohorts[name]) for name in names), strict=True
    ):
        row = of.setdefault(cohort, {"cohort": cohort, "customers": size, "base": base})
        if age == 0:
            row["starts_open"] = is_open
            continue
        marks = ["open"] * bool(is_open) + ["few"] * (size < FEW)
        row |= {f"a{age}": value, f"m{age}": " ".join(marks), f"n{age}": size}
    rows = [of[cohort] for cohort in sorted(of, reverse=True)]
    ages = range(1, oldest + 1)
    kinds: Mapping[str, tuple[str, Any]] = {
        "cohort": ("datetime64[s]", None),
        "customers": ("int64", 0),
        "base": ("float64", np.nan),
        **{f"a{age}": ("float64", np.nan) for age in ages},
        **{f"m{age}": ("object", "") for age in ages},
        **{f"n{age}": ("float64", np.nan) for age in ages},
    }
    return framed(
        {
            name: array([row.get(name, missing) for row in rows], kind)
            for name, (kind, missing) in kinds.items()
        }
    )


def _framed(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    by_column = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    of: dict[str, Any] = {
        name: array(one, kind) for (name, kind), one in zip(COLUMNS.items(), by_column, strict=True)
    }
    ratios = {
        name: np.divide(
            of[over], of[under], out=np.full(len(rows), np.nan), where=np.asarray(of[under]) != 0
        )
        for name, (over, under) in RATIOS.items()
    }
    return framed({**of, **ratios})


def _worth(amount: float, rate: float | None) -> float:
    return 0.0 if rate is None or rate != rate else amount * rate


def _months(first: date, last: date) -> list[date]:
    found = [first]
    while found[-1] < last:
        found.append(periods.month(found[-1]).end)
    return found
