"""A next step set by hand counts at once, survives files, and no edit of it is ever lost."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping

import pytest
from django.db import close_old_connections, connection
from django.test import Client

from insights.catalog import ROLLUPS
from pipeline.actions import notes, work
from pipeline.actions import steps as actions
from pipeline.datasets import ACTIVITIES, PIPELINE_DEALS
from pipeline.models import Activity, Deal, DealChange, NextStep
from pipeline.panels.deal import address
from pipeline.panels.health import deal as of_deal
from pipeline.queries.deal import steps
from revops_site.kernel import clock, freshness
from revops_site.kernel.loading import rows
from revops_site.kernel.models import AuditEvent, User
from tests.conftest import AsUser
from tests.pipeline.test_categories import DEAL

PAGE = address("D1")
PAIRS = 12


def write(**changes: str) -> None:
    """Load the deal as somebody's file has it."""
    report = rows.write(PIPELINE_DEALS, [{**DEAL, **changes}], kind="sync", source="t", by=None)
    assert report.accepted == 1, report.sample


def plan(by: User, text: str = "Send the offer", **given: str) -> None:
    told = {"kind": "email", "due": "2025-07-10", "seen": token()} | given
    actions.plan(by=by, deal_id="D1", text=text, at=clock.now(), **told)


def token() -> str:
    return steps.steps("D1").token


def next_day() -> str:
    return str(Deal.objects.get(pk="D1").next_activity_at)


@pytest.fixture(autouse=True)
def deal(ana: User, workspace: object) -> None:
    write(created_at="2025-06-20", last_stage_change="2025-06-25")


def test_it_counts_at_once_is_planned_logged_and_audited(ana: User) -> None:
    before = freshness.generation()
    plan(ana)
    assert next_day() == "2025-07-10"
    planned = Activity.objects.get()
    assert (planned.subject, planned.is_done, planned.rep_id) == ("Send the offer", False, "ana")
    change = DealChange.objects.get(field="next_step")
    assert (change.old, change.new) == ("", "2025-07-10 Send the offer")
    assert change.load is not None
    assert change.load.loaded_by == ana
    event = AuditEvent.objects.get(action="next step set")
    assert (event.user, event.target) == (ana, "D1")
    assert freshness.generation() > before
    assert not [one.name for one in ROLLUPS if one.differences()]


def test_health_follows_it(ana: User) -> None:
    def points() -> int:
        found = of_deal.of_deal("D1")
        assert found is not None
        return {one.name: one.points for one in found.components}["next_step"]

    assert points() == 0
    plan(ana, due="2025-07-01")
    assert points() == 10


def test_no_file_and_no_sync_undoes_it(ana: User) -> None:
    plan(ana)
    for said in ("", "2025-05-01", "2031-01-01"):
        write(next_activity_at=said, amount="15000")
        assert next_day() == "2025-07-10", said
    actions.take_back(by=ana, deal_id="D1", seen=token(), at=clock.now())
    assert next_day() == "2031-01-01"
    assert not Activity.objects.exists()


def test_what_the_crm_plans_before_it_comes_first(ana: User) -> None:
    due = str(clock.today().replace(year=clock.today().year + 2))
    sooner = str(clock.today().replace(year=clock.today().year + 1))
    plan(ana, due=due)
    write(next_activity_at=sooner)
    assert next_day() == sooner


def test_done_it_is_an_activity_that_happened_and_the_file_counts_again(ana: User) -> None:
    write(next_activity_at="2025-07-03")
    plan(ana)
    actions.done(by=ana, deal_id="D1", seen=token(), at=clock.now())
    assert Activity.objects.get().is_done
    assert next_day() == "2025-07-03"
    assert NextStep.objects.get().ended == "done"
    actions.done(by=ana, deal_id="D1", seen="0", at=clock.now())
    assert AuditEvent.objects.filter(action="next step done").count() == 1


def test_data_are_as_new_as_before_whatever_is_written_today(ana: User) -> None:
    def last() -> object:
        datasets = ("pipeline_deals", "activities", "notes", "deal_changes")
        return freshness.of(datasets, freshness.workspace()).last_day

    before = last()
    plan(ana)
    actions.done(by=ana, deal_id="D1", seen=token(), at=clock.now())
    notes.add(by=ana, deal_id="D1", body="Today", at=clock.now())
    assert last() == before


def test_changing_it_moves_the_one_planned_activity(ana: User) -> None:
    plan(ana)
    plan(ana, "Call instead", kind="call", due="2025-07-11")
    planned = Activity.objects.get()
    assert (planned.subject, planned.type, str(planned.due_date)) == (
        *("Call instead", "call"),
        "2025-07-11",
    )
    assert next_day() == "2025-07-11"


def sent(**given: str) -> Mapping[str, str]:
    told = {"do": "plan", "text": "Mine", "kind": "call", "due": "2025-07-20", "seen": token()}
    return told | given


def test_who_is_late_is_told_what_was_there_what_is_now_and_by_whom(
    ana: User, bo: User, as_user: AsUser
) -> None:
    plan(ana, "First")
    seen = token()
    plan(bo, "Theirs")
    answer = as_user(ana).post(PAGE, sent(seen=seen))
    page = answer.content.decode()
    assert answer.status_code == 422
    for told in ("First, 10 Jul 2025", "Theirs, 10 Jul 2025", "Mine, 2025-07-20", "by Bo"):
        assert told in page
    assert "Keep mine" in page
    assert "Take theirs" in page
    assert NextStep.objects.get(ended_at=None).text == "Theirs"
    assert as_user(ana).post(PAGE, sent()).status_code == 302
    assert NextStep.objects.get(ended_at=None).text == "Mine"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"text": "  "}, "Write what is to be done first."),
        ({"text": "x" * 201}, "At most 200 characters fit"),
        ({"due": "soon"}, "Give the day that it is due"),
        ({"kind": "dance"}, "Choose one of"),
    ],
)
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(
    given: dict[str, str], says: str, ana: User, as_user: AsUser
) -> None:
    answer = as_user(ana).post(PAGE, sent(**given))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not NextStep.objects.exists()


def test_only_who_works_on_the_deal_writes_on_it(
    ana: User, cy: User, vi: User, dee: User, as_user: AsUser
) -> None:
    assert as_user(vi).get(PAGE).status_code == 200
    assert "next-step-edit" not in as_user(vi).get(PAGE).content.decode()
    assert as_user(vi).post(PAGE, sent()).status_code == 403
    assert as_user(cy).post(PAGE, sent()).status_code == 404
    assert Client().post(PAGE, sent()).status_code == 302
    assert as_user(dee).post(PAGE, sent(do="nothing")).status_code == 400
    assert not NextStep.objects.exists()
    assert as_user(dee).post(PAGE, sent()).status_code == 302


def test_a_closed_deal_has_no_next_step(ana: User, as_user: AsUser) -> None:
    write(stage_name="Closed_Won", status="won", closed_on="2025-06-29")
    answer = as_user(ana).post(PAGE, sent())
    assert answer.status_code == 422
    assert "This deal is closed" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "pairs", [PAIRS, pytest.param(200, marks=pytest.mark.slow)], ids=["few", "all"]
)
def test_of_two_edits_at_once_one_holds_and_the_other_hears_of_it(
    pairs: int, ana: User, bo: User
) -> None:
    for nth in range(pairs):
        seen, gate = token(), threading.Barrier(2)
        heard: list[str] = []
        known = [str(NextStep.objects.count())]

        def edit(by: User, text: str, seen: str, heard: list[str], gate: threading.Barrier) -> None:
            try:
                gate.wait()
                plan(by, text, seen=seen)
                heard.append(text)
            except work.ConflictError:
                heard.append("")
            finally:
                connection.close()

        texts = (f"Ana {nth}", f"Bo {nth}")
        threads = [
            threading.Thread(target=edit, args=(who, text, seen, heard, gate))
            for who, text in zip((ana, bo), texts, strict=True)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        close_old_connections()
        assert sorted(map(bool, heard)) == [False, True], (nth, heard)
        (kept,) = filter(None, heard)
        assert NextStep.objects.get(ended_at=None).text == kept
        assert Activity.objects.get().subject == kept
        assert NextStep.objects.count() == int(known[0]) + 1


def overdue(client: Client, kind: str = "overdue") -> list[str]:
    answer = client.get(f"/pipeline/lists/{kind}.json")
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()]


LEFT_ALONE = {"update_time": "2025-06-01T10:00:00Z", "created_at": "2025-01-05"}


@pytest.mark.parametrize("deed", ["step", "note"])
def test_whoever_works_on_a_deal_here_has_updated_it_whatever_syncs_say(
    ana: User, as_user: AsUser, deed: str
) -> None:
    write(**LEFT_ALONE)
    assert overdue(as_user(ana)) == ["D1"]
    if deed == "step":
        plan(ana)
    else:
        notes.add(by=ana, deal_id="D1", body="They sign on Friday.", at=clock.now())
    assert overdue(as_user(ana)) == []
    write(**LEFT_ALONE, amount="13000")  # the CRM has not heard of it
    assert overdue(as_user(ana)) == []
    assert not [one.name for one in ROLLUPS if one.differences()]


def test_a_next_step_that_is_done_is_an_activity_of_the_deal(ana: User, as_user: AsUser) -> None:
    old = {**LEFT_ALONE, "last_activity_at": "2025-02-01"}
    write(**old)
    assert overdue(as_user(ana), "inactive") == ["D1"]
    plan(ana)
    assert overdue(as_user(ana), "inactive") == ["D1"]  # it is planned, not done
    actions.done(by=ana, deal_id="D1", seen=token(), at=clock.now())
    assert overdue(as_user(ana), "inactive") == []
    write(**old, amount="13000")
    assert overdue(as_user(ana), "inactive") == []


def next_card(client: Client) -> str:
    page = client.get(PAGE).content.decode().partition('id="deal-next"')[2]
    return " ".join(re.sub(r"<[^>]*>", " ", page.partition("</section>")[0]).split())


def test_old_plans_that_nobody_did_do_not_hide_what_is_planned(ana: User, as_user: AsUser) -> None:
    given = {"deal_id": "D1", "rep_id": "ana", "type": "call", "is_done": "false"}
    days = [f"2025-0{month}-01" for month in range(1, 7)] + ["2031-01-01"]
    plans = [
        {**given, "activity_id": f"T{nth}", "due_date": day, "subject": f"Plan {day}"}
        for nth, day in enumerate(days)
    ]
    rows.write(ACTIVITIES, plans, kind="sync", source="t", by=None)
    assert "What is next? Plan 2031-01-01 Call" in next_card(as_user(ana))


def test_of_what_a_file_plans_without_an_activity_the_day_is_told(
    ana: User, as_user: AsUser
) -> None:
    write(next_activity_at="2031-02-03")
    assert "3 Feb 2031" in next_card(as_user(ana))
    assert "Nothing is planned" not in next_card(as_user(ana))
