"""A row of any dataset, made up from its promise: what loads, edits and lists are tried with."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping

from revops_site.kernel.datasets import Column, Dataset
from revops_site.kernel.loading import rows

DAY = datetime.date(2025, 3, 3)
REPS = {"reps", "teams"}
SPECIAL: Mapping[tuple[str, str], Callable[[int], str]] = {
    ("fx_rates", "from_currency"): lambda n: "EUR",
    ("quotas", "period"): lambda n: f"Q{n % 4 + 1} {2000 + n // 4}",
    ("forecast_calls", "period"): lambda n: f"Q{n % 4 + 1} {2000 + n // 4}",
    ("forecast_calls", "team_id"): lambda n: "",
    ("marketing_budgets", "month"): lambda n: f"{2000 + n // 12}-{n % 12 + 1:02}-01",
    ("stage_history", "exited_at"): lambda n: "",
    ("revenue_customers", "churned_flag"): lambda n: "false",
    ("activities", "is_done"): lambda n: "false",
    ("activities", "done_at"): lambda n: "",
}


def sample(dataset: Dataset, n: int = 1) -> dict[str, str | None]:
    """The row number ``n`` by column name; what may be empty is, unless it is the owner."""
    return {column.name: _text(dataset, column, n) or None for column in dataset.columns}


def fill(dataset: Dataset, count: int) -> None:
    """Load so many rows; none of them may be refused."""
    given = [sample(dataset, n) for n in range(1, count + 1)]
    said = rows.write(dataset, given, kind="app", source="samples", by=None)
    assert (said.accepted, said.refused) == (count, 0), said.sample


def _text(dataset: Dataset, column: Column, n: int) -> str:
    if special := SPECIAL.get((dataset.name, column.name)):
        return special(n)
    if column.kind == "rep":
        return f"rep {n % 5}"
    if column.nullable or column.default is not None:
        return ""
    day = DAY + datetime.timedelta(days=n)
    made = {
        "text": f"{column.name[:20]} {n}",
        "integer": "1",
        "decimal": "0.5",
        "boolean": "true",
        "choice": next(iter(column.choices), ""),
        "currency": "USD",
        "date": day.isoformat(),
        "instant": f"{day.isoformat()}T10:00:00Z",
        "month": f"{2000 + n // 12}-{n % 12 + 1:02}",
        "team": "EMEA",
    }
    return made[column.kind]
