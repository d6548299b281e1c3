"""What people see on the Retention page: whether customers and what they pay last."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from revenue.panels import retention
from revops_site.kernel.models import User, Workspace
from tests import revenue_customers as customers
from tests.conftest import AsUser
from tests.revenue.asking import rows, text


@pytest.fixture
def page(ana: User, cy: User, workspace: Workspace, tmp_path: Path, as_user: AsUser) -> Client:
    assert customers.load_all(tmp_path).exit_code == 0
    return as_user(ana)


@pytest.fixture
def whole(page: Client, as_user: AsUser, vi: User) -> Client:
    return as_user(vi)


def found(client: Client, slug: str, by: str = "segment") -> list[dict[str, object]]:
    return rows(client, slug, "", retention.address(by))


def test_the_pages_of_revenue_lead_to_each_other_with_the_filters(whole: Client) -> None:
    shown = text(whole, "/revenue/?segment=SMB")
    assert 'href="/revenue/retention/?segment=SMB"' in shown
    back = text(whole, "/revenue/retention/?segment=SMB")
    assert 'href="/revenue/?segment=SMB"' in back
    assert back.count('aria-current="page">Retention') == 1


def test_each_month_tells_what_it_lost_of_what_it_began_with(whole: Client) -> None:
    months = {row["key"]: row for row in found(whole, "churn-rates")}
    april, may = months["Apr 2025"], months["May 2025"]
    assert (april["churned_customers"], april["starting_customers"]) == (1, 5)
    assert april["churn_rate"] == pytest.approx(1 / 5)
    began = 150 + 100 * 1.2 + 50 + 400
    assert april["gross_mrr_churn_rate"] == pytest.approx(50 / began)
    assert may["net_mrr_churn_rate"] == pytest.approx(100 / (began - 50))


def test_won_for_each_unit_lost_is_unknown_where_nothing_was_lost(whole: Client) -> None:
    months = {row["key"]: row["quick_ratio"] for row in found(whole, "quick-ratio")}
    assert months["May 2025"] == pytest.approx(80 / 100)
    assert months["Apr 2025"] == 0
    assert months["Mar 2025"] is None


@pytest.mark.parametrize(
    ("slug", "by", "name"),
    [("retention-by-plan", "plan", "Business"), ("retention-by-region", "region", "APAC")],
)
def test_groups_are_ratios_of_their_own_sums(whole: Client, slug: str, by: str, name: str) -> None:
    groups = {row[by]: row for row in found(whole, slug, by)}
    then = {"Business": 400 + 110, "APAC": 400}[name]
    now = {"Business": 300 + 110, "APAC": 300}[name]
    assert groups[name]["avg_nrr"] == pytest.approx(now / then)
    assert groups[name]["quick_ratio"] == pytest.approx(80 / 100)


def test_a_rep_sees_the_retention_of_the_own_customers_alone(page: Client) -> None:
    assert {row["region"] for row in found(page, "retention-by-region", "region")} == {"EMEA"}


PARTS = [(by, panel.slug) for by, page in retention.PAGES.items() for panel in page.panels]


@pytest.mark.parametrize(("by", "slug"), PARTS)
def test_every_part_comes_alone_and_as_files(whole: Client, by: str, slug: str) -> None:
    here = retention.address(by)
    assert whole.get(f"{here}panels/{slug}/").status_code == 200
    for kind in ("csv", "xlsx", "json"):
        assert whole.get(f"{here}panels/{slug}.{kind}").status_code == 200


def test_a_cohort_of_a_year_keeps_what_its_customers_keep(whole: Client) -> None:
    (year,) = found(whole, "retention-by-year")
    assert (year["year"], year["year_ago_customers"]) == (2024, 5)
    then = 100 + 100 * 1.1 + 50 + 400
    assert year["avg_nrr"] == pytest.approx((150 + 110 + 0 + 300) / then)
    assert year["grr"] == pytest.approx((100 + 110 + 0 + 300) / then)
