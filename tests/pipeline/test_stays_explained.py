"""The times of stages are what the stays behind them make them, wherever they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from pipeline.panels import STAGE_VELOCITY
from pipeline.panels.stages import LEDGERS
from revops_site.kernel.models import User, Workspace
from tests.conftest import AsUser
from tests.explained import Case, Reader, hold
from tests.insights import files
from tests.pipeline.test_explained import open_deals

Rows: TypeAlias = Sequence[Mapping[str, Any]]
PLACES = ("Discovery", "Demo", "Negotiation")
LAST = date(2025, 6, 30)


def history() -> dict[str, list[dict[str, str]]]:
    """Deals of two years that go on, back, out of the pipeline, or stay where they are."""
    deals, visits = [], []
    for nth in range(120):
        day = date(2023, 9, 1) + timedelta(nth * 11 % 660)
        deal_id, created = f"D{nth}", day
        way = [PLACES[at] for at in ((0, 1, 2), (0, 1, 0), (0, 1, 0, 1), (1, 2), (0,))[nth % 5]]
        ends = ("won", "lost", "open", "open")[nth % 7 % 4]
        for step, stage in enumerate([*way, *(["Elsewhere"] if nth % 13 == 0 else [])]):
            left = day + timedelta(1 + nth * (step + 3) % 47)
            stays = step == len(way) - 1 and ends == "open"
            visits.append(
                {
                    "deal_id": deal_id,
                    "stage_name": stage,
                    "pipeline_id": ("new", "", "old")[nth % 11 % 3],
                    "entered_at": f"{day}T10:00:00Z",
                    "exited_at": "" if stays or left > LAST else f"{left}T{nth % 24:02}:30:00Z",
                }
            )
            day = left
        closed = ends if day <= LAST else "open"
        deals.append(
            {
                "deal_id": deal_id,
                "account": f"Acme {nth % 17}",
                "owner": ("ana", "cy", "")[nth % 3],
                "stage": way[-1] if closed == "open" else f"Closed_{closed.title()}",
                "status": closed,
                "closed_at": "" if closed == "open" else f"{day}",
                "created_at": f"{created}",
                "amount": "1000",
                "currency": "USD",
                "segment": ("SMB", "ENT", "")[nth % 4 % 3],
                "region": ("EMEA", "APAC")[nth % 2],
                "pipeline_id": ("new", "old", "")[nth % 6 % 3],
                "lost_reason": "Duplicate" if nth % 9 == 0 and closed == "lost" else "",
            }
        )
    stages = [
        {
            "stage_id": f"{pipeline}{place}",
            "pipeline_id": pipeline,
            "stage_name": name,
            "stage_order": str(place if pipeline == "new" else 3 - place),
            "expected_days": str(10 * place + 5),
            "is_closed": "false",
        }
        for pipeline in ("new", "old")
        for place, name in enumerate(PLACES)
    ]
    return {"stages": stages, "pipeline_deals": deals, "stage_history": visits}


def ended(rows: Rows) -> Mapping[str, Any]:
    return {"avg_duration_days": sum(row["days"] for row in rows) / len(rows) if rows else None}


def begun(rows: Rows) -> Mapping[str, Any]:
    moved, dropped = (sum(bool(row[name]) for row in rows) for name in ("moved_on", "dropped"))
    return {
        "median_duration_days": median(rows),
        "conversion_rate": moved / (moved + dropped) if moved + dropped else None,
    }


def median(rows: Rows) -> float | None:
    """By the book: the product, over the days on which somebody left, of those who did not."""
    staying = 1.0
    for day in sorted({row["days"] for row in rows}):
        at_risk = [row for row in rows if row["days"] >= day]
        left = sum(row["days"] == day and not row["is_inside"] for row in at_risk)
        staying *= 1 - left / len(at_risk)
        if round(staying, 9) <= 0.5:
            return float(day)
    return None


RECOMPUTE = {"ended-stays": ended, "begun-stays": begun, "open-deals": open_deals}


@pytest.fixture
def readers(
    workspace: Workspace, ana: User, bo: User, dee: User, as_user: AsUser, tmp_path: Path
) -> list[Reader]:
    files.load(tmp_path, history())
    return [Reader(user, as_user(user)) for user in (dee, bo, ana)]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(2))
def test_times_of_stages_are_what_their_stays_make_them(readers: list[Reader], seed: int) -> None:
    case = Case(STAGE_VELOCITY, LEDGERS, RECOMPUTE)
    hold(case, readers, seed=seed)
