"""What customers pay after a year, beside what was aimed at."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from revops_site.kernel.models import User, Workspace
from tests import revenue_customers as customers
from tests.conftest import AsUser
from tests.revenue.asking import rows, text

ENT = "B3,nrr_targets,ENT,,1.12,1.05,1.25,ratio,NRR of large customers"


@pytest.fixture
def page(
    as_user: AsUser, vi: User, ana: User, cy: User, workspace: Workspace, tmp_path: Path
) -> Client:
    assert customers.load_all(tmp_path).exit_code == 0
    return as_user(vi)


def test_a_segment_is_held_against_its_target(page: Client) -> None:
    found = {row["segment"]: row for row in rows(page, "nrr-by-segment")}
    assert found["SMB"]["verdict"] == "below", "100% is within the range, yet below 105%"
    assert found["MM"]["verdict"] == "below"
    assert found["ENT"]["verdict"] is None, "it has no target"
    march = "period=custom&start=2025-03-01&end=2025-03-31"
    early = {row["segment"]: row for row in rows(page, "nrr-by-segment", march)}
    assert early["SMB"]["verdict"] == "met"


@pytest.mark.parametrize(
    ("now", "verdict"), [(94, "below"), (104.99, "below"), (105, "met"), (105.01, "met")]
)
def test_the_verdict_on_a_segment_is_that_of_the_insights(
    as_user: AsUser, vi: User, workspace: Workspace, tmp_path: Path, now: float, verdict: str
) -> None:
    who = [f"K{nth}" for nth in range(12)]
    listed = [f"{one},{one},SMB,Starter,2024-01-05,{now},0,0,0,false,,,USD,," for one in who]
    paid = [
        f"{one},{month},{100 if month < '2025' else now},USD"
        for one in who
        for month in customers.MONTHS
    ]
    report = customers.load(
        tmp_path,
        benchmarks=customers.TARGETS,
        revenue_customers=[customers.CUSTOMERS[0], *listed],
        customer_mrr=["customer_id,month,mrr,currency", *paid],
    )
    assert report.exit_code == 0
    page = as_user(vi)
    (found,) = rows(page, "nrr-by-segment")
    assert found["verdict"] == verdict
    said = "Net revenue retention of SMB customers" in text(page, "/insights/?segment=SMB")
    assert said == (verdict == "below")


def targets(client: Client, query: str = "") -> dict[object, object]:
    return {row["key"]: row["target"] for row in rows(client, "retention-trend", query)}


def test_several_segments_aim_at_their_targets_weighted_by_what_they_paid(page: Client) -> None:
    found = targets(page, "segment=SMB&segment=MM")
    assert found["Jun 2025"] == pytest.approx((1.05 * 150 + 1.08 * 400) / 550)
    shown = text(page, "/revenue/panels/retention-trend/?segment=SMB&segment=MM")
    assert "weighted by its MRR a year before" in shown
    assert "Left out" not in shown
    assert "Blended target" in shown


def test_a_segment_without_a_target_has_no_weight_and_that_is_said(
    page: Client, tmp_path: Path
) -> None:
    assert targets(page)["Jun 2025"] == pytest.approx((1.05 * 150 + 1.08 * 400) / 550)
    assert "Left out for want of a target: ENT." in text(page, "/revenue/panels/retention-trend/")
    lines = (*customers.TARGETS, ENT)
    assert customers.load(tmp_path, benchmarks=lines).exit_code == 0
    all_three = (1.05 * 150 + 1.08 * 400 + 1.12 * 110) / 660
    assert targets(page)["Jun 2025"] == pytest.approx(all_three)
    assert "Left out" not in text(page, "/revenue/panels/retention-trend/")


def test_one_segment_aims_at_its_own_target(page: Client) -> None:
    assert set(targets(page, "segment=SMB").values()) == {1.05}
    assert set(targets(page, "segment=ENT").values()) == {None}
    shown = text(page, "/revenue/panels/retention-trend/?segment=SMB")
    assert "NRR target" in shown
    assert "lended target" not in shown
