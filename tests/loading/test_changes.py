"""Each change of a deal is a row of its history, whatever the file was written like."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.models import Deal, DealChange
from revops_site.kernel.loading import FileReport
from revops_site.kernel.models import DataLoad
from tests.loading.conftest import DEAL, Load, Write

LoadOne = Callable[..., FileReport]


def changes() -> list[tuple[str, str, str, str]]:
    found = DealChange.objects.order_by("changed_at", "deal_id", "field")
    return list(found.values_list("deal_id", "field", "old", "new"))


def test_the_first_load_of_a_deal_is_no_change(load_one: LoadOne) -> None:
    load_one("a.csv", DEAL)
    load_one("b.csv", DEAL, {**DEAL, "deal_id": "D2"})
    assert changes() == []


def test_every_field_that_changed_is_logged_with_both_values(load_one: LoadOne) -> None:
    load_one("a.csv", {**DEAL, "amount": "", "has_champion": "no"})
    changed = {
        "owner": "Bo Berg",
        "amount": "12500.50",
        "expected_close": "2024-07-15T10:00:00Z",
        "status": "won",
        "closed_at": "2024-07-01",
        "has_champion": "yes",
        "account": "not logged",
    }
    load_one("b.csv", {**DEAL, **changed})
    assert changes() == [
        ("D1", "amount", "", "12500.5"),
        ("D1", "close_date", "2024-06-30", "2024-07-15"),
        ("D1", "closed_at", "", "2024-07-01"),
        ("D1", "has_champion", "false", "true"),
        ("D1", "owner_id", "ana-almeida", "bo-berg"),
        ("D1", "status", "open", "won"),
    ]
    deal, loads = Deal.objects.get(), DataLoad.objects.order_by("id")
    for change in DealChange.objects.all():
        assert change.load == loads.last()
        assert (change.source, change.changed_at) == ("file", deal.row_updated_at)


def test_another_spelling_of_a_value_is_no_change(load_one: LoadOne) -> None:
    load_one("a.csv", DEAL)
    report = load_one(
        "b.csv", {**DEAL, "amount": "1.2e4", "probability": "0.500", "segment": "mid-market"}
    )
    assert (report.unchanged, changes()) == (1, [])


def test_there_and_back_again_is_two_changes(load: Load, write: Write) -> None:
    a, b = write("a.csv", DEAL), write("b.csv", {**DEAL, "stage": "Proposal"})
    for path in (a, b, b, a):
        load(path)
    assert changes() == [
        ("D1", "stage_name", "Demo", "Proposal"),
        ("D1", "stage_name", "Proposal", "Demo"),
    ]


def test_what_is_taken_back_was_no_change(load: Load, write: Write) -> None:
    load(write("a.csv", DEAL))
    bad = {**DEAL, "deal_id": "D2", "amount": "much"}
    load(write("b.csv", {**DEAL, "amount": "7"}), dry_run=True)
    load(write("c.csv", {**DEAL, "amount": "8"}, bad), strict=True)
    assert changes() == []


def test_generated_rows_are_changed_as_by_a_file(load: Load, write: Write) -> None:
    load(write("a.csv", DEAL))
    load(write("b.csv", {**DEAL, "amount": "7"}), kind="generated")
    load(write("c.csv", {**DEAL, "amount": "8"}), kind="sync")
    logged = DealChange.objects.order_by("changed_at").values_list("new", "source", "load__kind")
    assert list(logged) == [("7", "file", "generated"), ("8", "sync", "sync")]


def test_a_history_that_was_exported_meets_the_one_that_was_kept(load_one: LoadOne) -> None:
    load_one("a.csv", DEAL)
    load_one("b.csv", {**DEAL, "amount": "7"})
    kept = DealChange.objects.get()
    row = {"deal_id": "D1", "field": "amount", "old": kept.old, "new": kept.new}
    report = load_one("changes.csv", {**row, "changed_at": kept.changed_at.isoformat()})
    assert (report.inserted, report.updated, report.unchanged) == (0, 0, 1)
