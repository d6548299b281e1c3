"""Follow-ups: drafted for deals that wait, read, changed and approved by those who may see them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, InternalError, transaction
from django.test import Client

from coaching.actions import drafting
from coaching.analytics.followups import Facts, worded
from coaching.models import Mail, Unsubscribed
from revops_site.kernel import clock
from revops_site.kernel.models import AuditEvent, Rep, User, Workspace
from tests.coaching import a_mailbox
from tests.conftest import AsUser
from tests.insights import files

URL = "/coaching/mails/"


@pytest.fixture(autouse=True)
def deals(
    ana: User, bo: User, cy: User, dee: User, vi: User, workspace: Workspace, tmp_path: Path
) -> None:
    """Three deals of Ana's wait, and one of Cy's."""
    a_mailbox.load(tmp_path / "mailbox")


def test_a_deal_that_waits_gets_one_draft_however_often_the_worker_comes() -> None:
    assert {one.deal_id for one in a_mailbox.drafted()} == {"D0", "D1", "D2", "C0"}
    assert drafting.waiting(by=None, at=clock.now()) == 0
    assert Mail.objects.count() == 4


def test_a_draft_is_written_from_the_deals_facts(as_user: AsUser, ana: User) -> None:
    first = a_mailbox.drafted()[1]
    assert first.subject == "Shall we talk about Globex 0 again?"
    assert "Hello Pat," in first.body
    assert "\n\nWe have not spoken about Globex 0 for 179 days. Is it" in first.body
    assert first.body.endswith("Ana Almeida")
    assert (first.to_address, first.facts["days"]) == ("pat0@globex.example", 179)


def test_a_rep_has_no_more_drafts_than_can_be_read(tmp_path: Path) -> None:
    a_mailbox.load(tmp_path / "more", deals=15)
    a_mailbox.drafted()
    assert Mail.objects.filter(rep="ana").count() == drafting.MOST_A_REP


def test_without_an_address_or_once_unsubscribed_nobody_is_drafted_to() -> None:
    Unsubscribed.objects.create(address="pat1@globex.example", at=clock.now())
    assert {one.deal_id for one in a_mailbox.drafted()} == {"D0", "D2", "C0"}


def test_a_contact_outside_of_the_allowed_domains_is_not_drafted_to(settings: LazySettings) -> None:
    settings.MAIL_DOMAINS = ["canary.example"]
    assert {one.deal_id for one in a_mailbox.drafted()} == {"C0"}


def test_no_mails_a_day_means_no_drafts() -> None:
    Workspace.objects.update(mails_a_day=0)
    assert a_mailbox.drafted() == []


def page(client: Client, address: str = URL) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_rep_reads_the_own_drafts_a_manager_the_teams_and_revops_all(
    as_user: AsUser, ana: User, bo: User, cy: User, dee: User, vi: User
) -> None:
    a_mailbox.drafted()
    for person, deals, others in (
        (ana, {"Globex 0", "Globex 2"}, set(a_mailbox.CANARIES)),
        (bo, {"Globex 0", "Globex 2"}, set(a_mailbox.CANARIES)),
        (cy, set(a_mailbox.CANARIES), {"Globex"}),
        (dee, {"Globex 0", *a_mailbox.CANARIES}, set()),
        (vi, {"Globex 0", *a_mailbox.CANARIES}, set()),
    ):
        client = as_user(person)
        for text in (page(client), page(client, f"{URL}followups.json")):
            assert [one for one in deals if one not in text] == [], person
            assert [one for one in others if one in text] == [], person


def test_nobody_reads_changes_or_approves_a_strangers_draft_by_any_route(
    as_user: AsUser, ana: User, bo: User, vi: User
) -> None:
    a_mailbox.drafted()
    theirs = Mail.objects.get(deal_id="C0")
    address = f"{URL}{theirs.pk}/"
    typed = {"subject": "Mine", "body": "Mine", "seen": "1", "why": "Mine", "what": "sent"}
    for person in (ana, bo):
        client = as_user(person)
        assert client.get(address).status_code == 404
        for do in ("save", "save and approve", "send back", "discard", "decide"):
            assert client.post(address, {**typed, "do": do}).status_code == 404
        client.post(URL, {"do": "approve", "mail": f"{theirs.pk}:1"})
        assert client.post(URL, {"do": "draft", "deal": "C0"}).status_code == 404
        client.post(URL, {"do": "draft all"})
    reader = as_user(vi)
    assert reader.get(address).status_code == 200
    assert reader.post(address, {**typed, "do": "save"}).status_code == 403
    theirs.refresh_from_db()
    assert (theirs.state, theirs.version, theirs.subject) != ("approved", 1, "Mine")
    assert (theirs.state, theirs.version) == ("draft", 1)


def test_a_draft_goes_with_its_deal_to_a_new_owner(
    as_user: AsUser, ana: User, cy: User, tmp_path: Path
) -> None:
    mine = a_mailbox.drafted()[1]
    rows = [a_mailbox._deal("D0", "cy", "Globex 0")]
    assert files.load(tmp_path / "moved", {"pipeline_deals": rows}).exit_code == 0
    assert as_user(ana).get(f"{URL}{mine.pk}/").status_code == 404
    assert as_user(cy).get(f"{URL}{mine.pk}/").status_code == 200


def test_a_draft_is_changed_and_approved_in_one_go(as_user: AsUser, ana: User) -> None:
    mine = a_mailbox.drafted()[1]
    typed = {"subject": "Hello again", "body": "Dear Quinn,\n\nshall we?", "contact": "Q0"}
    sent = {**typed, "seen": "1", "do": "save and approve"}
    answer = as_user(ana).post(f"{URL}{mine.pk}/", sent)
    assert answer.status_code == 302
    mine.refresh_from_db()
    assert (mine.state, mine.wording, mine.to_address) == (
        "approved",
        "person",
        "quinn@globex.example",
    )
    assert (mine.subject, mine.approved_by) == ("Hello again", ana)
    actions = set(AuditEvent.objects.filter(user=ana).values_list("action", flat=True))
    assert {"follow-up changed", "follow-up approved"} <= actions
    told = "".join(str(event.detail) for event in AuditEvent.objects.all())
    assert "shall we" not in told
    assert "quinn@" not in told


def test_two_who_edit_at_once_are_told_and_nothing_is_lost(
    as_user: AsUser, ana: User, bo: User
) -> None:
    mine = a_mailbox.drafted()[1]
    address = f"{URL}{mine.pk}/"
    first = {"subject": "By Ana", "body": "One text", "seen": "1", "do": "save"}
    assert as_user(ana).post(address, first).status_code == 302
    second = {"subject": "By Bo", "body": "Another text", "seen": "1", "do": "save"}
    answer = as_user(bo).post(address, second)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Somebody has changed this mail" in text
    assert text.count("Another text") == 2  # in the form again, and beside what is there now
    assert "One text" in text
    mine.refresh_from_db()
    assert mine.subject == "By Ana"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"subject": "", "body": "Text"}, "Write a subject first"),
        ({"subject": "S", "body": "  \n "}, "Write the text first"),
        ({"subject": "S" * 201, "body": "Text"}, "At most 200 characters"),
        ({"subject": "S", "body": "T" * 10_001}, "At most 10,000 characters"),
        ({"subject": "S", "body": "T", "contact": "P9"}, "Choose one of the deal"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(
    as_user: AsUser, ana: User, given: dict[str, str], says: str
) -> None:
    mine = a_mailbox.drafted()[1]
    answer = as_user(ana).post(f"{URL}{mine.pk}/", {**given, "seen": "1", "do": "save"})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    mine.refresh_from_db()
    assert mine.version == 1


def test_a_subject_cannot_smuggle_a_header(as_user: AsUser, ana: User) -> None:
    mine = a_mailbox.drafted()[1]
    hostile = {"subject": "Hi\r\nBcc: all@evil.example", "body": "Text", "seen": "1", "do": "save"}
    as_user(ana).post(f"{URL}{mine.pk}/", hostile)
    mine.refresh_from_db()
    assert mine.subject == "Hi Bcc: all@evil.example"
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.filter(pk=mine.pk).update(subject="Hi\nBcc: all@evil.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.filter(pk=mine.pk).update(to_address="a@b.example,c@d.example")


def test_several_are_approved_at_once_each_as_it_was_seen(as_user: AsUser, ana: User) -> None:
    ids = [one.pk for one in a_mailbox.drafted() if one.rep_id == "ana"]
    Mail.objects.filter(pk=ids[2]).update(version=2)
    chosen = [f"{key}:1" for key in ids]
    answer = as_user(ana).post(URL, {"do": "approve", "mail": chosen}, follow=True)
    text = answer.content.decode()
    assert "2 approved" in text
    assert "Some were not: Somebody has changed this mail" in text
    assert Mail.objects.filter(state="approved").count() == 2


def test_what_is_approved_can_be_made_a_draft_again_and_let_go(as_user: AsUser, ana: User) -> None:
    (mine, *_) = a_mailbox.approved(ana)
    client, address = as_user(ana), f"{URL}{mine.pk}/"
    assert client.post(address, {"do": "send back", "seen": "2"}).status_code == 302
    assert client.post(address, {"do": "discard", "seen": "3", "why": ""}).status_code == 422
    assert client.post(address, {"do": "discard", "seen": "3", "why": "We met."}).status_code == 302
    mine.refresh_from_db()
    assert (mine.state, mine.why) == ("discarded", "We met.")


def test_a_draft_is_asked_for_on_a_deal_and_the_same_comes_again(
    as_user: AsUser, ana: User
) -> None:
    client = as_user(ana)
    first = client.post(URL, {"do": "draft", "deal": "D0"})
    again = client.post(URL, {"do": "draft", "deal": "D0"})
    assert first["Location"] == again["Location"]
    assert Mail.objects.get().reason == "asked"
    for deal, says in (("W0", "Only an open deal"), ("N0", "No contact of this deal")):
        answer = client.post(URL, {"do": "draft", "deal": deal}, follow=True)
        assert says in answer.content.decode()
    assert client.post(URL, {"do": "draft", "deal": "nowhere"}).status_code == 404


def test_a_draft_of_a_deal_that_was_closed_is_let_go(tmp_path: Path) -> None:
    a_mailbox.drafted()
    won = a_mailbox._deal("D0", "ana", "Globex 0") | {"status": "won", "closed_at": "2025-06-30"}
    assert files.load(tmp_path / "won", {"pipeline_deals": [won]}).exit_code == 0
    assert drafting.tidy(clock.now()) == 1
    assert Mail.objects.get(deal_id="D0").state == "discarded"


@pytest.mark.parametrize("state", ["sent", "sending", "unknown", "failed"])
def test_the_database_itself_lets_no_draft_become(state: str) -> None:
    mine = a_mailbox.drafted()[0]
    now = clock.now()
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Mail.objects.filter(pk=mine.pk).update(state=state, approved_at=now, ended_at=now)


def test_a_rep_without_deals_finds_what_to_do(as_user: AsUser, ana: User) -> None:
    Rep.objects.filter(pk="ana").update(name="Ana")
    assert "No draft waits for a word" in page(as_user(ana))


def test_of_a_deal_that_no_file_can_name_nothing_is_drafted(as_user: AsUser, ana: User) -> None:
    for deal in ("", "\x00", "D0\x00"):
        assert as_user(ana).post(URL, {"do": "draft", "deal": deal}).status_code == 404, repr(deal)
    assert not Mail.objects.exists()


def test_one_day_is_a_day() -> None:
    day = a_mailbox.LAST_DAY
    for reason in ("overdue", "stuck", "inactive"):
        facts = Facts(reason, "Globex", "Globex", "Pat", "Ana", "Demo", 1, None, None, day)
        text = worded(facts)[1]
        assert " 1 day" in text
        assert "1 days" not in text
        assert Facts.of(facts.as_json()) == facts
