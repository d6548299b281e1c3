"""What is left of those who came together: triangles, their cells, and whose they are."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from django.test import Client

from revenue import queries
from revenue.panels import cohorts
from revops_site.kernel.filters import Allowed, Filters, Slice, narrow
from revops_site.kernel.models import User, Workspace
from tests import revenue_customers as customers
from tests.conftest import AsUser
from tests.revenue.asking import rows, text

LAST = 18
SEGMENTS = ("SMB", "MM", "ENT")


def month(nth: int) -> str:
    return f"{2024 + nth // 12}-{nth % 12 + 1:02}"


def ledger(seed: int) -> pd.DataFrame:
    """Sixty customers that come, grow, pause and go, in dollars."""
    dice = random.Random(seed)
    found = []
    for who in range(60):
        paid = dice.choice((40, 100, 250))
        for nth in range(dice.randrange(12), LAST):
            paid = max(10, paid + dice.choice((0, 0, 0, 10, -10)))
            if dice.random() < 0.88:
                found.append((f"C{who}", month(nth), paid, SEGMENTS[who % 3]))
    return pd.DataFrame(found, columns=["customer_id", "month", "mrr", "segment"])


def whole(segment: tuple[str, ...] = (), end: date = date(2025, 6, 30)) -> Slice:
    asked = Filters(as_of=end, segment=segment)
    return narrow(asked, Allowed(), end, first_month=1, currency="USD")


@pytest.fixture(params=[3, 8])
def loaded(request: pytest.FixtureRequest, workspace: Workspace, tmp_path: Path) -> pd.DataFrame:
    found = ledger(request.param)
    people = [customers.CUSTOMERS[0].removesuffix(",currency,region,owner")]
    people += [
        f"{who},{who},{rows_['segment'].iloc[0]},Basic,2024-01-01,0,0,0,0,false,,"
        for who, rows_ in found.groupby("customer_id")
    ]
    lines = ["customer_id,month,mrr,segment"]
    lines += [",".join(map(str, row)) for row in found.itertuples(index=False)]
    report = customers.load(tmp_path, revenue_customers=people, customer_mrr=lines)
    assert report.exit_code == 0
    return found


def by_hand(paid: pd.DataFrame) -> pd.DataFrame:
    """The same triangle by pandas: a pivot of the customers' months, cohort by cohort."""
    table = paid.pivot_table(index="customer_id", columns="month", values="mrr", aggfunc="sum")
    table = table.reindex(columns=[month(nth) for nth in range(LAST)]).fillna(0.0)
    first = (table > 0).to_numpy().argmax(axis=1)
    found = []
    for cohort in sorted(set(first.tolist())):
        of = table[first == cohort]
        base = of.iloc[:, cohort]
        for age in range(LAST - cohort):
            now = of.iloc[:, cohort + age]
            kept, net = np.minimum(now, base).sum() / base.sum(), now.sum() / base.sum()
            found.append((month(cohort), age, (now > 0).mean(), net, kept))
    return pd.DataFrame(found, columns=["cohort", "age", "logo", "net", "gross"])


@pytest.mark.parametrize("segment", [(), ("MM",)])
def test_the_triangle_is_what_a_pivot_of_the_ledger_gives(
    loaded: pd.DataFrame, segment: tuple[str, ...]
) -> None:
    found = cohorts.aged(whole(segment=segment), "month")
    known = by_hand(loaded[loaded["segment"].isin(segment)] if segment else loaded)
    named = found.assign(cohort=[f"{one:%Y-%m}" for one in found["cohort"]])
    both = known.merge(named, on=["cohort", "age"], how="outer", indicator=True)
    assert (both["_merge"] == "both").all()
    for mine, theirs in (("logo_retention", "logo"), ("gross_retention", "gross")):
        assert both[mine].to_numpy() == pytest.approx(both[theirs].to_numpy())
    assert both["revenue_retention"].to_numpy() == pytest.approx(both["net"].to_numpy())


@pytest.mark.parametrize("unit", ["month", "quarter"])
def test_cells_keep_to_what_they_can_be(loaded: pd.DataFrame, unit: str) -> None:
    found = cohorts.aged(whole(), unit)
    assert (found["logo_retention"] <= 1).all()
    assert (found["gross_retention"] <= 1 + 1e-12).all()
    assert (found["gross_retention"] <= found["revenue_retention"] + 1e-12).all()
    assert (found.loc[found["age"] == 0, "revenue_retention"] == 1).all()
    assert not found["is_open"].all()


def test_a_cell_is_the_sum_of_its_customers(loaded: pd.DataFrame) -> None:
    slice_ = whole()
    found = cohorts.aged(slice_, "month")
    cells: list[Any] = found[found["age"].isin([1, 6])].to_dict("records")
    for cell in cells:
        at = (cell["cohort"] + pd.DateOffset(months=cell["age"])).date()
        listed: list[Any] = list(queries.later(slice_, {cell["cohort"].date(): at}))
        assert len(listed) == cell["customers"]
        assert sum(one.later > 0 for one in listed) == cell["staying"]
        assert sum(float(one.later_value) for one in listed) == pytest.approx(cell["mrr"])
        assert sum(float(one.kept_value) for one in listed) == pytest.approx(cell["kept"])
        assert sum(float(one.first_value) for one in listed) == pytest.approx(cell["base"])


def test_months_after_the_day_are_not_there(loaded: pd.DataFrame) -> None:
    slice_ = whole(end=date(2024, 12, 31))
    found = cohorts.aged(slice_, "month")
    assert (found["cohort"].dt.month + found["age"] <= 12).all()
    shown = cohorts.triangle(slice_, "net", "month").set_index("code")
    assert shown["a7"].isna()["2024-06"]
    assert shown["a6"].notna()["2024-06"]


def test_a_quarter_is_the_sum_of_its_months_and_open_until_all_had_that_long(
    loaded: pd.DataFrame,
) -> None:
    months, quarters = (cohorts.aged(whole(), unit) for unit in ("month", "quarter"))
    first = months[months["cohort"].dt.quarter.eq(1) & months["cohort"].dt.year.eq(2024)]
    after = first[first["age"] == 15]
    cell = quarters[(quarters["cohort"] == "2024-01-01") & (quarters["age"] == 5)].iloc[0]
    assert cell["mrr"] == pytest.approx(after["mrr"].sum())
    assert cell["customers"] == after["customers"].sum()
    assert not cell["is_open"]
    may = cohorts.aged(whole(end=date(2025, 5, 31)), "quarter")
    late = may[(may["cohort"] == "2024-10-01") & (may["age"] == 2)].iloc[0]
    assert late["cohorts"] == 2
    assert late["is_open"]


@pytest.fixture
def page(ana: User, cy: User, workspace: Workspace, tmp_path: Path) -> None:
    assert customers.load_all(tmp_path).exit_code == 0


def test_currencies_move_no_cohort(page: None, as_user: AsUser, vi: User) -> None:
    listed = rows(as_user(vi), "cohorts-net-month", "", "/revenue/cohorts/")
    found = {str(row["key"]): row for row in listed}
    assert list(found) == ["May 2025", "Jan 2024"]
    base = 100 + 100 * 1.1 + 50 + 400
    paid = 150 + 100 * 1.1 + 300
    assert found["May 2025"]["a1"] == 1
    oldest = rows(as_user(vi), "cohort-measures", "", "/revenue/cohorts/of/month/2024-01/17/")
    assert [row["value"] for row in oldest][1] == pytest.approx(paid / base)
    assert oldest[0]["over"] == 4


def test_a_cell_leads_to_its_customers_and_a_rep_to_the_own(
    page: None, as_user: AsUser, vi: User, ana: User
) -> None:
    here = "/revenue/cohorts/of/month/2024-01/12/"
    assert f'href="{here}"' in text(as_user(vi), "/revenue/cohorts/logo/month/")
    assert "Customers of Jan 2024 after 12 months" in text(as_user(vi), here)
    listed = rows(as_user(vi), "cohort-customers", "", here)
    states = {row["account_name"]: row["state"] for row in listed}
    assert states["Corex"] == "stays"
    later = rows(as_user(vi), "cohort-customers", "", here.replace("/12/", "/16/"))
    assert {row["account_name"] for row in later if row["state"] == "left"} == {"Corex"}
    assert states["Canary One"] == "stays"
    mine = {row["account_name"] for row in rows(as_user(ana), "cohort-customers", "", here)}
    assert mine == {"Acme", "Bolt", "Corex"}


def test_few_and_unfinished_cells_are_said_to_be_so(page: None, as_user: AsUser, vi: User) -> None:
    shown = text(as_user(vi), "/revenue/cohorts/?as_of=2025-06-30")
    assert "fewer than 10 customers" in shown
    assert ' few"' in shown


@pytest.mark.parametrize("code", ["2025-13", "2025Q1", "x"])
def test_what_is_no_cohort_is_not_there(page: None, as_user: AsUser, vi: User, code: str) -> None:
    client: Client = as_user(vi)
    assert client.get(f"/revenue/cohorts/of/month/{code}/3/").status_code == 404
