"""Hygiene of past days: each rule is judged by what is known of the day, and no other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipeline import tasks
from pipeline.datasets import ACTIVITIES, CONTACTS, DEAL_CHANGES
from pipeline.models import DealSnapshot, NextStep
from pipeline.panels.lists import people
from pipeline.queries import hygiene
from revops_site.kernel import freshness
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.filters import Allowed, Filters, Slice, narrow
from revops_site.kernel.loading import rows
from revops_site.kernel.models import DataLoad, User
from tests.conftest import AsUser

LAST = date(2025, 6, 30)
MONDAY = date(2025, 6, 16)


def load(dataset: Dataset, *given: Mapping[str, str]) -> None:
    report = rows.write(dataset, given, kind="sync", source="test", by=None)
    assert not report.refused, report.sample


def on(day: date, reps: frozenset[str] | None = None) -> Slice:
    allowed = Allowed(tuple(sorted(reps)) if reps is not None else None)
    return narrow(Filters(as_of=day), allowed, LAST, first_month=1, currency="USD")


def verdicts(day: date, rule: str) -> dict[str, bool | None]:
    found = hygiene.judged(on(day)).values_list("deal_id", f"is_{rule}")
    return dict(found)


@pytest.fixture(autouse=True)
def worked(ana: User, cy: User, pipeline_deals: None) -> None:
    """Contacts, activities and changes of June, all of them loaded long after."""
    load(
        CONTACTS,
        {"deal_id": "A1", "contact_id": "P1", "name": "Pia", "last_engaged_at": "2025-06-10"},
        {"deal_id": "A2", "contact_id": "P2", "name": "Quin", "last_engaged_at": "2025-06-28"},
    )
    done = {"rep_id": "ana", "type": "call", "is_done": "true"}
    load(
        ACTIVITIES,
        done | {"activity_id": "T1", "deal_id": "A2", "done_at": "2025-06-12T10:00:00Z"}
        | {"contact_id": "P2", "due_date": "2025-06-12"},
        done | {"activity_id": "T2", "deal_id": "A3", "done_at": "2025-06-20T10:00:00Z"}
        | {"due_date": "2025-06-20"},
    )  # fmt: skip
    load(
        DEAL_CHANGES,
        {"deal_id": "A1", "field": "amount", "old": "1", "new": "100000"}
        | {"changed_at": "2025-06-14T10:00:00Z"},
    )


def test_a_contact_counts_from_the_day_that_it_is_known_of() -> None:
    assert verdicts(MONDAY, "no_contact") == {
        "A1": False,  # engaged by then
        "A2": False,  # met by then, engaged last after it
        "A3": True,
        "C1": True,
    }
    before = verdicts(date(2025, 6, 9), "no_contact")
    assert before["A1"] is None, "it may have been there already"


def test_a_next_step_is_known_of_days_on_which_it_was_set_by_hand(ana: User) -> None:
    assert set(verdicts(MONDAY, "no_next_step").values()) == {None}
    NextStep.objects.create(
        deal_id="A1",
        activity_id="S1",
        type="call",
        text="Call",
        due_date=date(2025, 6, 18),
        set_on=date(2025, 6, 11),
        at=datetime(2025, 6, 11, 10, tzinfo=UTC),
        ended_at=datetime(2025, 6, 17, 10, tzinfo=UTC),
        ended="done",
        by=ana,
    )
    assert verdicts(MONDAY, "no_next_step")["A1"] is False
    assert verdicts(date(2025, 6, 17), "no_next_step")["A1"] is None
    assert verdicts(date(2025, 6, 10), "no_next_step")["A1"] is None


def test_plans_are_known_from_the_day_on_that_activities_are_loaded() -> None:
    DataLoad.objects.filter(dataset="activities").update(
        started_at=datetime(2025, 6, 13, tzinfo=UTC)
    )

    freshness.bump()
    assert set(verdicts(MONDAY, "no_next_step").values()) == {True}
    assert set(verdicts(date(2025, 6, 12), "no_next_step").values()) == {None}


def test_an_update_is_known_from_the_first_one_that_is_recorded() -> None:
    assert verdicts(MONDAY, "not_updated") == {"A1": False, "A2": False, "A3": True, "C1": True}
    assert set(verdicts(date(2025, 6, 11), "not_updated").values()) == {None}


def test_the_trend_tells_of_each_kept_day_what_the_day_itself_tells() -> None:
    tasks.take_snapshots()
    for slice_ in (on(LAST), on(LAST, frozenset({"ana"}))):
        found = hygiene.trend(slice_).set_index("snapshot_date")
        assert len(found) > 4
        for day, row in found.iterrows():
            whole = hygiene.totals(slice_.at(day.date()))  # type: ignore[attr-defined]
            if day.date() < date(2025, 6, 29):  # type: ignore[attr-defined]
                told: dict[str, Any] = {name: row[name] for name in ("deals", *hygiene.RULES)}
                assert told == {name: whole[name] for name in told}, day
                known = [f"known_{name}" for name in hygiene.RULES]
                assert [row[name] for name in known] == [whole[name] for name in known], day


def test_a_day_that_was_kept_as_it_went_by_tells_of_its_next_steps() -> None:
    tasks.take_snapshots()
    kept = DealSnapshot.objects.filter(snapshot_date=MONDAY, status="open")
    given = list(kept)
    kept._raw_delete(kept.db)
    for one in given:
        one.made_from, one.next_step_points = "day", 10 if one.deal_id == "A1" else 0
        one._state.adding = True
        one.save()
    assert verdicts(MONDAY, "no_next_step") == {"A1": False, "A2": True, "A3": True, "C1": True}
    found = hygiene.trend(on(LAST)).set_index("snapshot_date").loc[str(MONDAY)]
    assert (found["no_next_step"], found["known_no_next_step"]) == (3, 4)


def test_it_is_said_which_rules_are_not_known_of_which_days(dee: User, as_user: AsUser) -> None:
    tasks.take_snapshots()
    page = as_user(dee).get("/pipeline/lists/hygiene/?as_of=2025-06-16").content.decode()
    assert "Not known of this day: no next step." in page
    assert "No next step: not known of any of these days." in page
    assert "Not updated: not known before 16 Jun 2025." in page
    assert (
        people.notes(on(date(2025, 6, 9)))[0] == "Not known of this day: no next step, not updated."
    )
