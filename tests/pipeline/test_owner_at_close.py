"""A closed deal counts for who owned it when it closed, whoever looks after it since."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.datasets.deals import PIPELINE_DEALS
from pipeline.models import Deal, DealChange
from pipeline.queries import deals, past
from pipeline.queries.flows import flows
from pipeline.rollups import FLOW_WEEKS, PAST, STAYS
from revops_site.kernel import loading
from revops_site.kernel.filters import Allowed, Filters, Slice, narrow
from revops_site.kernel.loading import rows as by_rows
from revops_site.kernel.models import User, Workspace
from revops_site.kernel.periods import Period
from tests.insights import files

pytestmark = pytest.mark.django_db

DAY = date(2025, 6, 30)
OPEN = {
    "deal_id": "D1",
    "account": "Acme",
    "owner": "ana",
    "stage": "Demo",
    "status": "open",
    "amount": "1000",
    "created_at": "2025-01-10",
    "last_stage_change": "2025-01-10",
}
WON = {**OPEN, "stage": "Closed_Won", "status": "won", "closed_at": "2025-03-03"}
HANDED_ON = {**WON, "owner": "cy"}
OTHER = {**OPEN, "deal_id": "D2", "owner": "cy", "created_at": DAY.isoformat()}


@pytest.fixture(autouse=True)
def people(workspace: Workspace, ana: User, cy: User) -> None:
    """Ana and Cy sell."""


def load(folder: Path, *rows: dict[str, str], **others: list[dict[str, str]]) -> loading.Report:
    return files.load(folder, {"pipeline_deals": [*rows, OTHER], **others})


def change(old: str, new: str, day: str) -> dict[str, str]:
    return {
        "deal_id": "D1",
        "field": "owner_id",
        "old": old,
        "new": new,
        "changed_at": f"{day}T12:00:00Z",
    }


def of(rep: str) -> Slice:
    year = Period(date(2025, 1, 1), date(2026, 1, 1))
    return narrow(Filters(), Allowed((rep,)), DAY, first_month=1, currency="USD").at(DAY, year)


def holds(owner: str) -> None:
    """Everything that counts the deal counts it for one person."""
    other = {"ana": "cy", "cy": "ana"}[owner]
    assert Deal.objects.get(pk="D1").owner_id == owner
    assert [deal.pk for deal in deals.won(of(owner))] == ["D1"]
    assert not deals.won(of(other)).exists()
    whole = narrow(Filters(), Allowed(), DAY, first_month=1, currency="USD").at(
        DAY, of(owner).period
    )
    sums = flows(whole, "owner_id").set_index("owner_id")["won"]
    assert sums[owner] == 1
    assert sums.get(other, 0) == 0
    assert PAST.differences() == FLOW_WEEKS.differences() == STAYS.differences() == 0


def logged() -> list[tuple[str, str]]:
    changes = DealChange.objects.filter(field="owner_id").order_by("changed_at")
    return list(changes.values_list("old", "new"))


def test_a_deal_that_is_handed_on_after_it_was_won_stays_who_won_it_s(tmp_path: Path) -> None:
    load(tmp_path / "a", OPEN)
    load(tmp_path / "b", WON)
    load(tmp_path / "c", HANDED_ON)
    holds("ana")
    assert logged() == [("ana", "cy")]
    again = load(tmp_path / "d", {**HANDED_ON, "account": "Acme Ltd"})
    assert again.files[0].updated == 1
    holds("ana")
    assert logged() == [("ana", "cy")]
    same = load(tmp_path / "e", {**HANDED_ON, "account": "Acme Ltd"}, contacts=[])
    assert [one.updated for one in same.files if one.dataset == "pipeline_deals"] == [0]


def test_a_history_tells_whose_a_deal_was_whichever_file_comes_first(tmp_path: Path) -> None:
    history = [change("ana", "cy", "2025-04-01"), change("cy", "bo", "2025-05-01")]
    load(tmp_path / "a", HANDED_ON)
    assert Deal.objects.get(pk="D1").owner_id == "cy"
    load(tmp_path / "b", HANDED_ON, deal_changes=history)
    holds("ana")
    owner = past.at(date(2025, 4, 10)).get(deal_id="D1").owner_id
    assert owner == "ana"


def test_a_hand_over_before_the_close_counts(tmp_path: Path) -> None:
    load(tmp_path / "a", HANDED_ON, deal_changes=[change("ana", "cy", "2025-02-01")])
    holds("cy")
    assert past.at(date(2025, 1, 20)).get(deal_id="D1").owner_id == "ana"


def test_what_comes_with_the_close_itself_counts(tmp_path: Path) -> None:
    load(tmp_path / "a", OPEN)
    load(tmp_path / "b", HANDED_ON)
    holds("cy")
    load(tmp_path / "c", {**HANDED_ON, "segment": "ENT"})
    holds("cy")
    for day in (date(2025, 3, 3), date(2025, 6, 29)):
        assert past.at(day).get(deal_id="D1").owner_id == "cy"
    assert past.at(date(2025, 3, 2)).get(deal_id="D1").owner_id == "ana"


def test_a_deal_that_is_opened_again_is_its_present_owner_s(tmp_path: Path) -> None:
    load(tmp_path / "a", WON)
    load(tmp_path / "b", HANDED_ON)
    load(tmp_path / "c", {**OPEN, "owner": "cy"})
    assert Deal.objects.get(pk="D1").owner_id == "cy"
    load(tmp_path / "d", {**HANDED_ON, "closed_at": "2025-06-20"})
    holds("cy")


def test_what_a_person_corrects_counts_whatever_files_say_afterwards(tmp_path: Path) -> None:
    load(tmp_path / "a", WON)
    load(tmp_path / "b", HANDED_ON)
    deal = by_rows.texts(PIPELINE_DEALS, [Deal.objects.get(pk="D1")])[0]
    by_rows.write(
        PIPELINE_DEALS, [{**deal, "owner_id": "cy"}], kind="edit", source="the desk", by=None
    )
    holds("cy")
    load(tmp_path / "c", {**WON, "account": "Acme Ltd"})
    holds("cy")


def test_nobody_is_an_owner_too(tmp_path: Path) -> None:
    load(tmp_path / "a", {**WON, "owner": ""})
    load(tmp_path / "b", HANDED_ON)
    assert Deal.objects.get(pk="D1").owner_id is None
    load(tmp_path / "c", {**HANDED_ON, "account": "Acme Ltd"})
    assert logged() == [("", "cy")]
    assert PAST.differences() == 0
