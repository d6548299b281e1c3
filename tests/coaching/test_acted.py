"""Whether acting helps is told by pairs of deals that were alike, and of few pairs not at all."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from coaching.actions import marks
from coaching.analytics.acted import Candidate, Compared, compared
from coaching.models import ActionMark
from coaching.queries.marks import Cause
from pipeline.datasets import PIPELINE_DEALS, STAGE_HISTORY
from revops_site.kernel import clock
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User, Workspace
from tests.coaching import reading
from tests.conftest import AsUser
from tests.pipeline.a_quarter import fill

URL = "/coaching/actions/"
DAY = date(2025, 6, 2)  # four weeks before the last day
MANY = 20
MOVED = {*(f"A{nth}" for nth in range(15)), *(f"O{nth}" for nth in range(5))}


def test_each_deal_stands_beside_one_that_stands_beside_no_other() -> None:
    found = compared(
        [
            Candidate("A", True, "X", False),
            Candidate("A", True, "Y", True),
            Candidate("B", False, "X", False),
            Candidate("B", False, "Y", True),
            Candidate("C", True, "Y", True),
            Candidate("D", True, "", False),
        ]
    )
    assert found == Compared(n=2, moved=1, other_moved=1)


def test_fewer_than_twenty_pairs_say_nothing() -> None:
    assert Compared(19, 19, 0).gap is None
    assert Compared(20, 20, 0).gap is not None


def test_the_gap_has_newcombe_s_interval() -> None:
    gap = Compared(80, 56, 48).gap
    assert gap is not None
    assert gap == pytest.approx((0.1, -0.0475, 0.2419), abs=5e-3)  # Newcombe 1998, method 10


def deal(name: str, **more: str) -> dict[str, str]:
    return {
        "deal_id": name,
        "owner_id": "cy",
        "account_name": f"Account of {name}",
        "amount": "10000",
        "currency": "USD",
        "created_at": "2025-05-01",
        "stage_name": "Discovery",
        "pipeline_id": "new",
        "status": "open",
        **more,
    }


@pytest.fixture
def company(ana: User, cy: User, bo: User, workspace: Workspace, tmp_path: Path) -> None:
    """Of 40 deals alike, 20 are acted on, of which 15 move on within 14 days; of the others 5."""
    fill(tmp_path)
    given = [deal(f"{kind}{nth}") for kind in "AO" for nth in range(MANY)]
    given += [deal("Large", amount="90000"), deal("Old", created_at="2024-05-01")]
    given += [deal("Elsewhere", owner_id="ana"), deal("Other", stage_name="Demo")]
    visits = []
    for one in given:
        moves = one["deal_id"] in MOVED
        visit = {"deal_id": one["deal_id"], "pipeline_id": "new", "stage_name": one["stage_name"]}
        end = "2025-06-10T09:00:00Z"
        visits.append(
            visit | {"entered_at": "2025-05-02T09:00:00Z", "exited_at": end if moves else ""}
        )
        if moves:
            visits.append(visit | {"stage_name": "Demo", "entered_at": end, "exited_at": ""})
            one["stage_name"] = "Demo"
    for dataset, rows_ in ((PIPELINE_DEALS, given), (STAGE_HISTORY, visits)):
        report = rows.write(dataset, rows_, kind="app", source="test", by=None)
        assert not report.refused, report.sample


def act(cy: User, many: int, first: int = 0) -> None:
    """Cy has done so many actions four weeks ago."""
    for nth in range(first, many):
        cause = Cause("cy", "call", "STUCK", "Discovery")
        told = marks.Told(f"A{nth}", cause, 50.0, DAY)
        marks.done(by=cy, told=told, seen="", at=clock.now())


def shown(client: Client) -> list[Any]:
    return reading.rows(client, "actions-moved", at=URL)


@pytest.mark.usefixtures("company")
def test_deals_acted_on_stand_beside_those_alike_that_were_not(as_user: AsUser, cy: User) -> None:
    act(cy, MANY)
    own, others = shown(as_user(cy))
    assert (own["n"], own["moved"], own["share"]) == (MANY, 15, 0.75)
    assert (others["n"], others["moved"], others["share"]) == (MANY, 5, 0.25)
    page = reading.text(as_user(cy), URL)
    assert "Those acted on moved on more often by +50% of deals" in page
    assert "more than chance would make of it" in page
    assert "it is no proof that acting did it" in page


@pytest.mark.usefixtures("company")
def test_of_nineteen_pairs_the_count_alone_is_told(as_user: AsUser, cy: User) -> None:
    act(cy, MANY - 1)
    own, others = shown(as_user(cy))
    assert (own["n"], own["moved"], own["share"], others["low"]) == (19, None, None, None)
    page = reading.text(as_user(cy), URL)
    assert "Fewer than 20 pairs say nothing: 19 pairs so far." in page


@pytest.mark.usefixtures("company")
def test_what_was_undone_or_done_of_late_is_no_pair(as_user: AsUser, cy: User) -> None:
    act(cy, 2)
    cause = Cause("cy", "call", "STUCK", "Discovery")
    last = ActionMark.objects.get(deal_id="A1")
    told = marks.Told("A1", cause, 50.0, DAY)
    marks.bring_back(by=cy, told=told, seen=str(last.pk), at=clock.now())
    late = marks.Told("A2", cause, 50.0, DAY + timedelta(days=20))
    marks.done(by=cy, told=late, seen="", at=clock.now())
    assert [row["n"] for row in shown(as_user(cy))] == [1, 1]


@pytest.mark.usefixtures("company")
def test_a_stranger_s_deals_are_no_part_of_it(as_user: AsUser, cy: User, ana: User) -> None:
    act(cy, MANY)
    assert [row["n"] for row in shown(as_user(ana))] == [0, 0]
