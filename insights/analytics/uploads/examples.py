"""A file to begin with: a dataset's header and three rows that load, made up from its promise."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from revops_site.kernel.datasets import Column, Dataset

ROWS = 3
DAY = datetime.date(2026, 3, 2)
PEOPLE = ("Ana Almeida", "Bo Berg", "Cy Chen")
COMPANIES = ("Kestrel Foods", "Tamarind Labs", "Umbra Steel")
TEXTS: Mapping[str, Sequence[str]] = {
    "name": COMPANIES,
    "account_name": COMPANIES,
    "opportunity_name": [f"{one}: new plan" for one in COMPANIES],
    "email": ("ana@example.com", "bo@example.com", "cy@example.com"),
    "region": ("EMEA", "EMEA", "APAC"),
}
SPECIAL: Mapping[tuple[str, str], Sequence[str]] = {
    ("teams", "name"): ("EMEA", "APAC", "US"),
    ("teams", "manager_name"): PEOPLE,
    ("reps", "name"): PEOPLE,
    ("fx_rates", "from_currency"): ("EUR", "GBP", "JPY"),
    ("fx_rates", "to_currency"): ("USD", "USD", "USD"),
    ("holidays", "name"): ("New Year", "Labour Day", "Christmas Day"),
    ("activities", "is_done"): ("false", "false", "false"),
    ("quotas", "period"): ("2026-Q1", "2026-Q2", "2026-Q3"),
    ("forecast_calls", "period"): ("2026-Q1", "2026-Q1", "2026-Q1"),
    ("quotas", "quarter"): ("2026-Q1", "2026-Q2", "2026-Q3"),
}


def rows(dataset: Dataset) -> list[list[str]]:
    """The header and the rows, by the columns' titles."""
    header = [column.title for column in dataset.columns]
    made = [[_cell(dataset, column, n) for column in dataset.columns] for n in range(ROWS)]
    return [header, *made]


def _cell(dataset: Dataset, column: Column, n: int) -> str:
    if special := SPECIAL.get((dataset.name, column.name)):
        return special[n]
    if column.kind == "text" and column.name in TEXTS:
        return TEXTS[column.name][n]
    if column.kind == "rep":
        return PEOPLE[n]
    if column.nullable or column.default is not None:
        return ""
    day = DAY + datetime.timedelta(days=n)
    made = {
        "text": f"{column.name.removesuffix('_id')}-{n + 1}",
        "integer": str(n + 1),
        "decimal": "0.5",
        "boolean": "true",
        "choice": next(iter(column.choices), ""),
        "currency": "USD",
        "date": day.isoformat(),
        "instant": f"{day.isoformat()}T10:00:00Z",
        "month": f"{day.year}-{n + 1:02}",
        "team": "EMEA",
    }
    return made[column.kind]
