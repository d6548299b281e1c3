"""How long deals stayed in their stages: what counts as a stay, and when it counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.queries import stays
from revops_site.kernel.filters import Allowed, Filters, Slice, narrow
from revops_site.kernel.models import User, Workspace
from revops_site.kernel.periods import Period
from tests.insights import files

pytestmark = pytest.mark.django_db

DAY = date(2025, 6, 30)
WINDOW = Period(date(2025, 4, 2), date(2025, 7, 1))  # the 90 days up to the day


def deal(deal_id: str, **other: str) -> dict[str, str]:
    return {
        "deal_id": deal_id,
        "account": deal_id,
        "owner": "ana",
        "stage": "Demo",
        "status": "open",
        "pipeline_id": "new",
        "created_at": "2025-01-01",
        **other,
    }


def visit(deal_id: str, entered: str, left: str = "", stage: str = "Demo") -> dict[str, str]:
    return {
        "deal_id": deal_id,
        "stage_name": stage,
        "pipeline_id": "new",
        "entered_at": f"{entered}T10:00:00Z",
        "exited_at": left and f"{left}T09:00:00Z",
    }


@pytest.fixture
def load(workspace: Workspace, ana: User, cy: User, tmp_path: Path) -> None:
    files.load(
        tmp_path,
        {
            "pipeline_deals": [
                *(deal(name) for name in ("plain", "back", "inside", "again", "old", "ancient")),
                deal("gone", is_deleted="true"),
                deal("far", owner="cy"),
            ],
            "stage_history": [
                visit("plain", "2025-05-01", "2025-05-11"),
                visit("back", "2025-03-01", "2025-03-06"),
                visit("back", "2025-05-01", "2025-05-04"),
                visit("inside", "2025-05-01"),
                visit("again", "2025-04-05", "2025-04-20"),
                visit("again", "2025-06-01"),
                visit("old", "2025-02-01", "2025-02-21"),
                visit("ancient", "2024-02-01", "2024-02-21"),
                visit("gone", "2025-05-01", "2025-06-11"),
                visit("far", "2025-06-01", "2025-06-02"),
            ],
        },
    )


def sliced(as_of: date = DAY, allowed: Allowed | None = None) -> Slice:
    return narrow(Filters(), allowed or Allowed(), as_of, first_month=1, currency="USD")


def the_row(slice_: Slice, window: Period = WINDOW) -> dict[str, object]:
    found = stays.stays(slice_, window)
    assert list(found["stage_name"]) == ["Demo"]
    return dict(found.iloc[0].drop(["pipeline_id", "stage_name"]))


def test_all_visits_of_a_deal_are_one_stay_that_counts_when_the_last_one_ends(load: None) -> None:
    assert the_row(sliced()) == {
        "exits": 3,
        "days": 10 + 8 + 1,
        "exits_before": 1,
        "days_before": 20,
    }


def test_who_may_see_one_rep_s_deals_is_told_of_their_stays_alone(load: None) -> None:
    told = the_row(sliced(allowed=Allowed(("cy",))))
    assert (told["exits"], told["days"], told["exits_before"]) == (1, 1, 0)


def test_what_happened_after_the_day_is_not_known_on_it(load: None) -> None:
    then = Period(date(2025, 1, 31), date(2025, 5, 1))  # the 90 days up to the last of April
    told = the_row(sliced(date(2025, 4, 30)), then)
    # Back in March and Again in April had left by then; what came later had not begun.
    assert (told["exits"], told["days"]) == (3, 5 + 15 + 20)


def test_a_table_without_visits_has_no_stays(workspace: Workspace) -> None:
    assert stays.stays(sliced(), WINDOW).empty
    assert stays.first_visit() is None
