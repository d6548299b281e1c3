"""Revenue's worked examples: rows through the loader, and what the product makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from math import isnan
from typing import Any

import pandas as pd

from revenue import analytics, metrics, queries
from revenue.datasets import CUSTOMER_MRR, REVENUE_CUSTOMERS, SUBSCRIPTIONS
from revenue.panels import cohorts
from revenue.panels.headlines import measured
from revenue.panels.moves import waterfall
from revenue.rollups import items
from revops_site.kernel import freshness, periods
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.filters import Allowed, Filters, Slice, narrow
from revops_site.kernel.loading import rows
from tests.golden.adapters.kernel import save_rates
from tests.golden.files import Golden

DISCOUNT = {
    "percent_off": "percent_off",
    "amount_off": "amount_off",
    "duration": "discount_duration",
    "start": "discount_start",
    "end": "discount_end",
}


def mrr_normalize(golden: Golden) -> dict[str, Any]:
    """What each subscription item is worth a month, and all of them together."""
    freshness.workspace()
    as_of = golden.settings["as_of"]
    given = [_item(item, as_of) for item in golden.input["items"]]
    report = rows.write(SUBSCRIPTIONS, given, kind="app", source=golden.name, by=None)
    if report.refused:
        raise ValueError("; ".join(f"{cell.column} {cell.reason}" for cell in report.sample))
    worth = items.on(date.fromisoformat(as_of))
    total = sum(item.mrr for item in worth)
    return {
        "items": {item.item_id: float(item.mrr) for item in worth},
        "total_mrr": float(total),
        "total_arr": float(12 * total),
    }


def mrr_waterfall(golden: Golden) -> dict[str, Any]:
    """The balance of each month; who paid before is known of a month before all others."""
    before = [{"customer_id": who, "month": "2024-12", "mrr": 40} for who in _before(golden)]
    _write(CUSTOMER_MRR, [*before, *golden.input["customer_mrr"]], golden.name)
    months = waterfall(_slice("2025-02-01", _end(golden.settings["as_of_month"])))
    named = months.assign(period=[month.strftime("%Y-%m") for month in months["month"]])
    return {"waterfall": named.to_dict("records")}


def mrr_waterfall_fx(golden: Golden) -> dict[str, Any]:
    """The balance of a month in several currencies; NRR of those who paid the month before."""
    first, last = golden.settings["prior_month"], golden.settings["as_of_month"]
    save_rates(
        {
            "date": _end(rate["month"]).isoformat(),
            "from": rate["currency"],
            "to": golden.settings["reporting_currency"],
            "rate": rate["rate"],
        }
        for rate in golden.input["month_end_rates"]
    )
    given = golden.input["customer_mrr"]
    _write(CUSTOMER_MRR, given, golden.name)
    (month,) = waterfall(_slice(f"{last}-01", _end(last))).to_dict("records")
    year_ago = [{**row, "month": "2024-06"} for row in given if row["month"] == first]
    _write(CUSTOMER_MRR, year_ago, golden.name)
    retained = measured(_slice(f"{last}-01", _end(last)))["avg_nrr"].value
    return {
        **{str(name): value for name, value in month.items()},
        "nrr_constant_currency": retained,
    }


def revenue_kpis(golden: Golden) -> dict[str, Any]:
    """Every measure of a month by its field name."""
    _write(CUSTOMER_MRR, golden.input["customer_mrr"], golden.name)
    last = golden.settings["as_of_month"]
    slice_ = _slice(f"{last}-01", _end(last))
    of_month = analytics.kpis(
        queries.totals(slice_), (*metrics.MONTH_METRICS, metrics.NRR, metrics.GRR)
    )
    found = {**analytics.kpis(queries.still(slice_)), **of_month}
    found |= analytics.kpis(queries.sums(slice_), metrics.BALANCE_METRICS)
    return {field: one.value for field, one in found.items()}


def cohort_retention(golden: Golden) -> dict[str, Any]:
    """The triangle of monthly cohorts; months after the last one are not in it."""
    _write(CUSTOMER_MRR, golden.input["customer_mrr"], golden.name)
    end = _end(golden.settings["as_of_month"])
    found = cohorts.aged(_slice("2025-01-01", end), "month")
    return {
        "cohorts": [
            {
                "cohort_month": f"{month:%Y-%m}",
                "customers": int(rows["customers"].iloc[0]),
                "starting_mrr": float(rows["base"].iloc[0]),
                "logo_retention": rows["logo_retention"].tolist(),
                "revenue_retention": rows["revenue_retention"].tolist(),
            }
            for month, rows in found.groupby("cohort")
        ]
    }


def km_retention(golden: Golden) -> dict[str, Any]:
    """How long customers stay, some of whom are still there."""
    given = [
        {
            "customer_id": f"C{nth}",
            "account_name": f"Account {nth}",
            **dict.fromkeys(("mrr", "new_mrr", "expansion_mrr", "contraction_mrr"), 0),
            "churned_flag": str(row["churn_date"] is not None).lower(),
            **row,
        }
        for nth, row in enumerate(golden.input["customers"])
    ]
    _write(REVENUE_CUSTOMERS, given, golden.name)
    as_of = date.fromisoformat(golden.settings["as_of"])
    (life,) = analytics.lives(queries.lives(_slice("2024-01-01", as_of))).values()
    at = {day: life.at(day) for day in golden.settings["at_days"]}
    return {
        "n": life.n,
        "events": life.ended,
        "survival": {
            str(day): None if place is None else life.staying[place] for day, place in at.items()
        },
        "median_days": life.median,
    }


def unit_economics(golden: Golden) -> dict[str, Any]:
    """What a customer costs and is worth, row by row."""
    rows_ = pd.DataFrame(golden.input["rows"]).rename(
        columns={"sales_marketing_cost": "cost", "monthly_logo_churn": "monthly_churn"}
    )
    found: list[Any] = analytics.economics(rows_).to_dict("records")
    fields = [metric.field for metric in metrics.ECONOMICS]
    return {
        "rows": [
            {name: None if isnan(row[name]) else row[name] for name in fields} for row in found
        ]
    }


def churn_reasons(golden: Golden) -> dict[str, Any]:
    """Who left in the days of the example, why, and what that cost."""
    given = [
        {
            "customer_id": f"C{nth}",
            "account_name": f"Account {nth}",
            "start_date": "2024-01-01",
            "mrr": row["mrr_lost"],
            "new_mrr": 0,
            "expansion_mrr": 0,
            "contraction_mrr": 0,
            "churned_flag": "true",
            "segment": row["segment"],
            "churn_date": row["churn_date"],
            "churn_reason": row["churn_reason"],
        }
        for nth, row in enumerate(golden.input["churned_customers"])
    ]
    _write(REVENUE_CUSTOMERS, given, golden.name)
    slice_ = _slice(golden.settings["start"], date.fromisoformat(golden.settings["end"]))
    reasons = analytics.churn_reasons(queries.lost(slice_))
    totals = analytics.kpis(queries.lost_totals(slice_))
    found = analytics.dominant_reason(reasons)
    return {
        "rows": reasons.to_dict("records"),
        **{field: one.value for field, one in totals.items()},
        "dominant_reason": found[0] if found else None,
    }


def _before(golden: Golden) -> Sequence[str]:
    found: Sequence[str] = golden.input.get("previously_paid") or ()
    return found


def _write(dataset: Dataset, given: Iterable[Mapping[str, Any]], name: str) -> None:
    freshness.workspace()
    texts = [
        {field: None if value is None else str(value) for field, value in row.items()}
        for row in given
    ]
    report = rows.write(dataset, texts, kind="app", source=name, by=None)
    if report.refused:
        raise ValueError("; ".join(f"{cell.column} {cell.reason}" for cell in report.sample))


def _end(month: str) -> date:
    return periods.month(date.fromisoformat(f"{month}-01")).last_day


def _slice(start: str, end: date) -> Slice:
    asked = Filters(period="custom", start=date.fromisoformat(start), end=end, as_of=end)
    return narrow(asked, Allowed(), end, first_month=1, currency="USD")


def _item(item: Mapping[str, Any], as_of: str) -> dict[str, str | None]:
    """An item of an example as a row of the file; one that tells no start began that very day."""
    plain = {name: value for name, value in item.items() if name != "discounts"}
    discount = _discount(item.get("discounts") or ())
    row = {"customer_id": "C1", "start_date": as_of, **plain, **discount}
    return {name: None if value is None else str(value) for name, value in row.items()}


def _discount(discounts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """An item's discounts as its one: a percentage and an amount of the same days."""
    merged: dict[str, Any] = {}
    for discount in discounts:
        for name, value in discount.items():
            if merged.setdefault(DISCOUNT[name], value) != value:
                raise ValueError(f"An item has two discounts that differ in {name}.")
    return merged


ADAPTERS: Mapping[str, Callable[[Golden], Any]] = {
    "churn_reasons": churn_reasons,
    "cohort_retention": cohort_retention,
    "km_retention": km_retention,
    "mrr_normalize": mrr_normalize,
    "mrr_waterfall": mrr_waterfall,
    "mrr_waterfall_fx": mrr_waterfall_fx,
    "revenue_kpis": revenue_kpis,
    "unit_economics": unit_economics,
}
