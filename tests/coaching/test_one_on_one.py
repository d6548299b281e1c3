"""A 1:1: its agenda since the last one, notes that nobody loses, commitments that come back."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coaching.models import Commitment, Meeting
from pipeline.datasets import DEAL_CHANGES, PIPELINE_DEALS
from revops_site.kernel import clock, freshness
from revops_site.kernel.loading import rows
from revops_site.kernel.models import AuditEvent, Rep, Team, User
from tests.conftest import PASSWORD, AsUser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
HERE = "/coaching/reps/ana/one-on-one/"
TODAY = clock.today()
SECRET = "Canary note about pricing"
PROMISE = "Canary promise to call"


def start(client: Client) -> Meeting:
    assert client.post(HERE, {"do": "start"}).status_code == 302
    return Meeting.objects.get(closed_at=None)


def url(one: Meeting) -> str:
    return f"{HERE}{one.pk}/"


def say(client: Client, one: Meeting, do: str = "save", **given: str) -> int:
    one.refresh_from_db()
    sent = {"do": do, "notes": one.notes, "seen": str(one.version)} | given
    return client.post(url(one), sent).status_code


def promise(client: Client, one: Meeting, what: str = PROMISE, **given: str) -> Commitment:
    sent = {"what": what, "whose": "rep", "due": str(TODAY)} | given
    assert say(client, one, **sent) == 302
    return Commitment.objects.get(text=what)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_first_one_is_about_the_quarter_so_far_each_line_with_its_evidence(
    bo: User, as_user: AsUser
) -> None:
    page = text(as_user(bo), HERE)
    assert "Since the quarter began" in page
    won = page[page.index('id="agenda-won"') : page.index('id="agenda-lost"')]
    assert "/pipeline/deals/W-ana-1/" in won
    assert "W-ana-0" not in won  # won in the quarter before
    lost = page[page.index('id="agenda-lost"') : page.index('id="agenda-slipped"')]
    assert "/pipeline/deals/L-ana-1/" in lost
    assert "No budget" in lost
    for slug in ("coaching-attainment", "coaching-pace", "coaching-coverage"):
        assert len(re.findall(f"/explain/{slug}/", page)) == 2
    assert "completed, " in page


def test_deals_that_were_pushed_stand_by_whether_they_left_the_quarter(
    bo: User, as_user: AsUser
) -> None:
    deal = {"account": "Acme", "amount": "7000", "currency": "USD", "segment": "SMB"}
    deal |= {"owner_id": "ana", "status": "open", "stage_name": "Demo", "region": "EMEA"}
    deals = [
        deal | {"deal_id": name, "created_at": "2025-04-02", "close_date": close}
        for name, close in (("LEFT", "2025-08-01"), ("STAYS", "2025-06-29"))
    ]
    assert not rows.write(PIPELINE_DEALS, deals, kind="app", source="t", by=None).refused
    moved = [
        ("LEFT", "2025-05-01", "2025-06-20", "2025-05-05T10:00:00Z"),
        ("LEFT", "2025-06-20", "2025-08-01", "2025-06-05T10:00:00Z"),
        ("STAYS", "2025-06-10", "2025-06-29", "2025-06-06T10:00:00Z"),
    ]
    names = ("deal_id", "old", "new", "changed_at")
    changes = [{"field": "close_date"} | dict(zip(names, one, strict=True)) for one in moved]
    report = rows.write(DEAL_CHANGES, changes, kind="app", source="t", by=None)
    assert not report.refused, report.sample
    page = text(as_user(bo), HERE)
    slipped = page[page.index('id="agenda-slipped"') : page.index('id="agenda-pushed"')]
    pushed = page[page.index('id="agenda-pushed"') : page.index('id="agenda-at-risk"')]
    assert slipped.count("/pipeline/deals/LEFT/") == 1
    assert "1 May 2025 → 1 Aug 2025" in slipped
    assert "/pipeline/deals/STAYS/" in pushed
    assert "LEFT" not in pushed


def test_nothing_is_kept_by_looking_and_the_rep_sees_it_too(
    ana: User, bo: User, as_user: AsUser
) -> None:
    assert "Start the 1:1" in text(as_user(bo), HERE)
    page = text(as_user(ana), HERE)
    assert "Start the 1:1" not in page
    assert "Notes begin when Bo starts the 1:1." in page
    assert not Meeting.objects.exists()
    assert as_user(ana).post(HERE, {"do": "start"}).status_code == 404


def test_both_write_notes_and_read_them(ana: User, bo: User, as_user: AsUser) -> None:
    one = start(as_user(bo))
    assert say(as_user(bo), one, notes=SECRET) == 302
    assert SECRET in text(as_user(ana), HERE)
    assert say(as_user(ana), one, notes=f"{SECRET}\n  and more") == 302
    assert f"{SECRET}\n  and more" in text(as_user(bo), url(one))


def test_starting_twice_is_one_1_1(bo: User, as_user: AsUser) -> None:
    start(as_user(bo))
    start(as_user(bo))
    assert Meeting.objects.count() == 1


def test_who_is_late_sees_both_texts_and_chooses(ana: User, bo: User, as_user: AsUser) -> None:
    one = start(as_user(bo))
    assert say(as_user(ana), one, notes="Theirs") == 302
    late = {"notes": "Mine", "seen": "0", "what": "Buy milk", "whose": "rep", "due": str(TODAY)}
    answer = as_user(bo).post(url(one), {"do": "save", **late})
    page = answer.content.decode()
    assert answer.status_code == 422
    for told in ("changed since you opened", "by Ana", "Theirs", ">Mine<", "Buy milk", "Keep both"):
        assert told in page
    one.refresh_from_db()
    assert one.notes == "Theirs"
    assert not Commitment.objects.exists()
    again = {**late, "now": str(one.version)}
    assert as_user(bo).post(url(one), {"do": "keep both", **again}).status_code == 302
    one.refresh_from_db()
    assert one.notes == "Theirs\n\nMine"
    assert Commitment.objects.get().text == "Buy milk"


def test_who_keeps_the_own_text_keeps_it_over_what_was_shown_alone(
    ana: User, bo: User, as_user: AsUser
) -> None:
    one = start(as_user(bo))
    assert say(as_user(ana), one, notes="Theirs") == 302
    mine = {"do": "keep mine", "notes": "Mine", "seen": "0"}
    assert say(as_user(ana), one, notes="Theirs, newer") == 302
    assert as_user(bo).post(url(one), {**mine, "now": "1"}).status_code == 422
    assert as_user(bo).post(url(one), {**mine, "now": "2"}).status_code == 302
    one.refresh_from_db()
    assert one.notes == "Mine"


def test_what_is_typed_is_kept_as_one_goes_and_told_once(bo: User, as_user: AsUser) -> None:
    one = start(as_user(bo))
    hx = {"HX-Request": "true", "HX-Target": "notes-state"}
    client = as_user(bo)
    for nth, notes in enumerate(("A", "A b", "A b c")):
        sent = {"do": "jot", "notes": notes, "seen": str(nth), "what": "not yet"}
        answer = client.post(url(one), sent, headers=hx)
        assert answer.status_code == 200
        assert f'name="seen" value="{nth + 1}"' in answer.content.decode()
        assert "<textarea" not in answer.content.decode()
    late = client.post(url(one), {"do": "jot", "notes": "X", "seen": "1"}, headers=hx)
    assert late.status_code == 422
    assert 'name="seen" value="1"' in late.content.decode()  # until somebody has chosen
    one.refresh_from_db()
    assert one.notes == "A b c"
    assert not Commitment.objects.exists()
    assert AuditEvent.objects.filter(action="1:1 notes written").count() == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"what": "x", "due": "soon"}, "Give the day on which it is due"),
        ({"what": "x", "due": ""}, "Give the day on which it is due"),
        ({"what": "x" * 201}, "At most 200 characters"),
        ({"what": "x", "whose": "boss"}, "Choose who is to do it."),
        ({"notes": "x" * 20_001}, "At most 20,000 characters"),
    ],
)
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(
    given: dict[str, str], says: str, bo: User, as_user: AsUser
) -> None:
    one = start(as_user(bo))
    sent = {"do": "save", "notes": "My notes", "seen": "0", "whose": "rep", "due": str(TODAY)}
    answer = as_user(bo).post(url(one), sent | given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert (sent | given)["notes"] in page
    one.refresh_from_db()
    assert (one.notes, Commitment.objects.count()) == ("", 0)


def test_commitments_come_back_at_the_next_1_1_the_overdue_first(bo: User, as_user: AsUser) -> None:
    client = as_user(bo)
    first = start(client)
    promise(client, first, "Later", due=str(TODAY + timedelta(days=3)))
    promise(client, first, "Overdue", due=str(TODAY - timedelta(days=1)), whose="manager")
    done = promise(client, first, "Quick")
    assert say(client, first, f"done:{done.pk}", **{f"seen-{done.pk}": "1"}) == 302
    assert say(client, first, "close") == 302
    page = text(client, HERE)
    assert page.index("Overdue") < page.index("Later")
    assert "Quick" not in page
    second = start(client)
    page = text(client, url(second))
    assert page.index("Overdue</strong>") < page.index("Later</strong>")
    assert "Quick" not in page


def test_one_is_carried_over_to_a_later_day_and_settled(bo: User, as_user: AsUser) -> None:
    client = as_user(bo)
    first = start(client)
    found = promise(client, first)
    assert say(client, first, "close") == 302
    second, way = start(client), f"/coaching/commitments/{found.pk}/"
    later = TODAY + timedelta(days=5)
    carried = {f"seen-{found.pk}": "1", f"due-{found.pk}": str(later)}
    assert say(client, second, f"carry:{found.pk}", **carried) == 302
    found.refresh_from_db()
    assert (found.due_date, found.carried, found.version) == (later, 1, 2)
    assert "carried over once" in text(client, url(second))
    sooner = client.post(way, {"do": "carry", "seen": "2", "due": str(TODAY)})
    assert sooner.status_code == 422
    assert "Choose a later day" in sooner.content.decode()
    assert client.post(way, {"do": "not done", "seen": "2"}).status_code == 302
    found.refresh_from_db()
    assert found.state == "not done"
    late = client.post(way, {"do": "done", "seen": "2"})
    assert late.status_code == 422
    assert "changed this commitment" in late.content.decode()


def test_the_next_one_begins_where_the_last_one_ended(bo: User, as_user: AsUser) -> None:
    client = as_user(bo)
    one = start(client)
    assert one.since == date(2025, 3, 31)
    assert say(client, one, "close", notes="At the end") == 302
    one.refresh_from_db()
    assert (one.reached, one.notes) == (date(2025, 6, 30), "At the end")
    assert start(client).since == date(2025, 6, 30)
    page = text(client, HERE)
    assert "Since the last 1:1" in page
    assert "no day has passed since the last 1:1" in page
    assert "/pipeline/deals/W-ana-1/" not in page
    assert "/pipeline/deals/W-ana-1/" in text(client, url(one))


def test_a_closed_one_is_read_and_not_written_until_it_is_opened_again(
    ana: User, bo: User, as_user: AsUser
) -> None:
    one = start(as_user(bo))
    assert say(as_user(ana), one, "close") == 422
    assert say(as_user(bo), one, "close", notes="Kept") == 302
    answer = as_user(ana).post(url(one), {"do": "save", "notes": "Late", "seen": "1"})
    assert answer.status_code == 422
    assert "closed since you opened it" in answer.content.decode()
    assert say(as_user(ana), one, "reopen") == 422
    assert say(as_user(bo), one, "reopen") == 302
    assert say(as_user(ana), one, notes="Late") == 302


def test_the_page_asks_the_database_few_questions(bo: User, as_user: AsUser) -> None:
    one = start(as_user(bo))
    client = as_user(bo)
    for nth in range(6):
        promise(client, one, f"Promise {nth}")
    text(client, url(one))
    with CaptureQueriesContext(connection) as asked:
        text(client, url(one))
    assert len(asked) <= 60


def test_a_new_manager_begins_anew_and_the_former_finds_nothing(
    ana: User, bo: User, apac: Team, as_user: AsUser
) -> None:
    one = start(as_user(bo))
    promise(as_user(bo), one)
    assert say(as_user(bo), one, "close", notes=SECRET) == 302
    Rep.objects.filter(pk="ana").update(team=apac)
    freshness.bump()
    di = User.objects.create_user(
        "di", "di@example.com", PASSWORD, role="manager", team=apac, first_name="Di"
    )
    assert as_user(bo).get(HERE).status_code == 404
    assert as_user(bo).get(url(one)).status_code == 404
    page = text(as_user(di), HERE)
    assert SECRET not in page
    assert PROMISE not in page
    assert "Since the quarter began" in page
    assert as_user(di).get(url(one)).status_code == 404
    assert SECRET in text(as_user(ana), url(one))
    assert PROMISE in text(as_user(ana), HERE)


def test_a_commitment_by_a_number_that_is_none_is_refused(bo: User, as_user: AsUser) -> None:
    one = start(as_user(bo))
    assert say(as_user(bo), one, "done:" + "9" * 18) == 404
    for key in ("9" * 30, "9" * 5_000, "-1", "x", ""):
        assert say(as_user(bo), one, f"done:{key}") == 400, key[:40]
