"""Another first month of the fiscal year: quotas lie on the days that their quarters have then."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pipeline.datasets import QUOTAS
from pipeline.models import Quota
from revops_site.kernel import freshness
from revops_site.kernel.loading import FileReport, rows
from revops_site.kernel.models import User, Workspace
from tests.conftest import AsUser

SETTINGS = {
    "name": "Acme",
    "time_zone": "UTC",
    "reporting_currency": "USD",
    "stale_after_days": 7,
    "mails_a_day": 50,
    "mails_kept_days": 0,
    "lookback_days": 90,
    "half_life_days": 7,
}


@pytest.fixture
def desk(ad: User, workspace: Workspace, as_user: AsUser) -> Client:
    return as_user(ad)


def load(*periods: str) -> FileReport:
    given = [{"rep_id": "ana", "period": p, "quota_amount": str(n)} for n, p in enumerate(periods)]
    return rows.write(QUOTAS, given, kind="app", source="test", by=None)


def begin(desk: Client, month: int) -> Any:
    address = reverse("admin:kernel_workspace_change", args=[1])
    return desk.post(address, {**SETTINGS, "fiscal_year_start_month": month}, follow=True)


def stored() -> dict[str, tuple[date, date, int]]:
    return {
        quota.quarter: (quota.period_start, quota.period_end, int(quota.quota_amount))
        for quota in Quota.objects.all()
    }


def test_quotas_move_with_the_fiscal_year_and_their_file_can_be_loaded_again(
    desk: Client, ana: User
) -> None:
    quarters = ("Q1 2025", "Q2 2025", "Q3 2025", "Q4 2025", "2026-02", "FY2027")
    assert load(*quarters).refused == 0
    said = begin(desk, 4).content.decode()
    assert "Quotas were moved" in said
    moved = {
        "Q1 2025": (date(2024, 4, 1), date(2024, 7, 1), 0),
        "Q2 2025": (date(2024, 7, 1), date(2024, 10, 1), 1),
        "Q3 2025": (date(2024, 10, 1), date(2025, 1, 1), 2),
        "Q4 2025": (date(2025, 1, 1), date(2025, 4, 1), 3),
        "2026-02": (date(2026, 2, 1), date(2026, 3, 1), 4),
        "FY2027": (date(2026, 4, 1), date(2027, 4, 1), 5),
    }
    assert stored() == moved
    again = load(*quarters)
    assert (again.refused, again.unchanged) == (0, len(quarters))
    assert "Quotas were moved" in begin(desk, 1).content.decode()
    assert load(*quarters).unchanged == len(quarters)
    assert stored()["Q1 2025"] == (date(2025, 1, 1), date(2025, 4, 1), 0)


def test_a_fiscal_year_in_which_quotas_would_overlap_is_refused(desk: Client, ana: User) -> None:
    assert load("Q1 2026", "2025-10").refused == 0
    before = stored()
    said = begin(desk, 10).content.decode()
    assert "2025-10 and Q1 2026 of ana would overlap" in said
    assert freshness.workspace().fiscal_year_start_month == 1
    assert stored() == before


def test_a_new_time_zone_leaves_quotas_alone(desk: Client, ana: User) -> None:
    assert load("Q1 2026").refused == 0
    before = Quota.objects.values().get()
    address = reverse("admin:kernel_workspace_change", args=[1])
    sent = {**SETTINGS, "fiscal_year_start_month": 1, "time_zone": "Asia/Tokyo"}
    said = desk.post(address, sent, follow=True).content.decode()
    assert "keep the date that they had in the time zone before" in said
    assert Quota.objects.values().get() == before
