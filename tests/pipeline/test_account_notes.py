"""Notes on an account are plain text, belong to who wrote them, and stay on top while pinned."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

import pytest
from django.db import close_old_connections, connection
from django.test import Client

from pipeline.actions import account_notes, notes, work
from pipeline.models import AccountNote, Note, WrittenNote
from revops_site.kernel import clock, freshness
from revops_site.kernel.models import Account, AuditEvent, User
from tests.conftest import AsUser

ACCOUNT, PAGE, TO = "X/1", "/accounts/X%2F1/", "/pipeline/account-notes/"
PART = {"HX-Request": "true", "HX-Target": "account-notes"}
FEW = 10
AT_ONCE = pytest.mark.parametrize(
    "pairs", [FEW, pytest.param(200, marks=pytest.mark.slow)], ids=["few", "all"]
)
Edit = Callable[[User, str], object]


@pytest.fixture(autouse=True)
def account(ana: User, bo: User, cy: User, pipeline_deals: None) -> None:
    """Ana owns an account, which Bo sees as her manager; Cy sees none of it."""
    Account.objects.create(account_id=ACCOUNT, name="Acme", owner_id="ana")


def add(by: User, body: str = "They like it") -> str:
    return account_notes.add(by=by, account_id=ACCOUNT, body=body, at=clock.now())


def sent(note_id: str = "", **given: str) -> Mapping[str, str]:
    told = {"account": ACCOUNT, "do": "change note", "note": note_id, "seen": "1"}
    return told | {"body": "Another text", "next": PAGE} | given


def test_a_note_is_kept_as_it_was_written_and_audited(ana: User, as_user: AsUser) -> None:
    before = freshness.generation()
    text = "  <b>Bold</b>\r\nhttps://x.example \x07 end  "
    answer = as_user(ana).post(TO, sent(do="add note", body=text))
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}#account-notes")
    assert AccountNote.objects.get().body == "<b>Bold</b>\nhttps://x.example   end"
    page = as_user(ana).get(PAGE).content.decode()
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    assert 'href="https://x.example' not in page
    event = AuditEvent.objects.get(action="note added")
    assert (event.user, event.target, event.detail["on"]) == (ana, ACCOUNT, "account")
    assert freshness.generation() > before


def test_it_is_changed_by_its_author_pinned_by_all_and_deleted_by_revops(
    ana: User, bo: User, dee: User, as_user: AsUser
) -> None:
    note_id = add(ana)
    assert as_user(bo).post(TO, sent(note_id)).status_code == 422
    assert as_user(bo).post(TO, sent(note_id, do="delete note")).status_code == 422
    assert as_user(ana).post(TO, sent(note_id)).status_code == 302
    pinned = sent(note_id, do="pin note", seen="2", review="2025-06-30")
    assert as_user(bo).post(TO, pinned).status_code == 302
    page = as_user(ana).get(PAGE).content.decode()
    for said in ("Another text", "Pinned</span>", "to be reviewed on", ">Due</span>"):
        assert said in page
    assert as_user(bo).post(TO, sent(note_id, do="unpin note", seen="3")).status_code == 302
    assert "Pinned</span>" not in as_user(ana).get(PAGE).content.decode()
    assert as_user(dee).post(TO, sent(note_id, do="delete note", seen="4")).status_code == 302
    assert not AccountNote.objects.exists()
    done = [event.action for event in AuditEvent.objects.filter(target=ACCOUNT).order_by("id")]
    assert done == [f"note {what}" for what in ("added", "changed", "pinned", "unpinned")] + [
        "note deleted"
    ]


def test_pinned_notes_come_first_and_among_them_what_is_to_be_reviewed(
    ana: User, as_user: AsUser
) -> None:
    ids = [add(ana, f"Text {n}") for n in range(4)]
    for note_id, review in ((ids[0], ""), (ids[1], "2031-01-01")):
        assert as_user(ana).post(TO, sent(note_id, do="pin note", review=review)).status_code == 302
    page = as_user(ana).get(PAGE).content.decode().partition('id="account-notes"')[2]
    places = [page.index(f">Text {n}<") for n in (1, 0, 3, 2)]
    assert places == sorted(places)


@pytest.mark.parametrize("do", ["change note", "pin note", "delete note"])
def test_what_was_changed_meanwhile_is_a_conflict(do: str, ana: User, as_user: AsUser) -> None:
    note_id = add(ana)
    client = as_user(ana)
    assert client.post(TO, sent(note_id, body="In the other window")).status_code == 302
    answer = client.post(TO, sent(note_id, do=do, body="In this window"), headers=PART)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.strip().startswith('<section id="account-notes"')
    assert "was changed since you opened it" in page
    assert "In the other window" in page
    assert ("Keep mine" in page) == (do == "change note")
    note = AccountNote.objects.get()
    assert (note.body, note.is_pinned) == ("In the other window", False)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"do": "add note", "body": " \n "}, "Write a note first."),
        ({"do": "add note", "body": "x" * 4001}, "At most 4,000 characters"),
        ({"do": "pin note", "review": "soon"}, "Give a day for the review"),
        ({"do": "pin note", "note": "x"}, "was deleted since you opened it"),
        ({"do": "change note", "note": "999999"}, "was deleted since you opened it"),
    ],
)
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(
    given: dict[str, str], says: str, ana: User, as_user: AsUser
) -> None:
    note_id = add(ana)
    note = "" if given["do"] == "add note" else note_id
    answer = as_user(ana).post(TO, {**sent(note), **given})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert AccountNote.objects.count() == 1


def test_who_may_not_see_the_account_finds_and_writes_nothing(
    ana: User, cy: User, vi: User, dee: User, as_user: AsUser
) -> None:
    note_id = add(ana, "Secret of Ana")
    assert as_user(cy).get(PAGE).status_code == 404
    for do in ("add note", "change note", "pin note", "delete note"):
        assert as_user(cy).post(TO, sent(note_id, do=do)).status_code == 404
        assert as_user(vi).post(TO, sent(note_id, do=do)).status_code == 403
        assert Client().post(TO, sent(note_id, do=do)).status_code == 302
    assert as_user(dee).post(TO, sent(note_id, do="dance")).status_code == 400
    shown = as_user(vi).get(PAGE).content.decode()
    assert "Secret of Ana" in shown
    assert "note-body" not in shown
    Account.objects.create(account_id="Y", name="Other", owner_id="ana")
    elsewhere = sent(note_id, do="delete note", account="Y")
    assert as_user(ana).post(TO, elsewhere).status_code == 302, "there is no such note there"
    assert AccountNote.objects.get().body == "Secret of Ana"


def test_it_leads_back_to_pages_of_this_house_alone(ana: User, as_user: AsUser) -> None:
    answer = as_user(ana).post(TO, sent(do="add note", next="https://evil.example/"))
    assert answer["Location"] == "/"


def at_once(first: User, second: User, edit: Edit) -> list[str]:
    """What two people hear who do the same at the same moment: a text where it was kept."""
    gate, heard = threading.Barrier(2), []

    def one(by: User, text: str) -> None:
        try:
            gate.wait()
            edit(by, text)
            heard.append(text)
        except work.ConflictError:
            heard.append("")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=one, args=(by, text))
        for by, text in ((first, "first"), (second, "second"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()
    return heard


def keeps_one(heard: list[str], nth: int) -> str:
    assert sorted(map(bool, heard)) == [False, True], (nth, heard)
    (kept,) = filter(None, heard)
    return kept


@pytest.mark.django_db(transaction=True)
@AT_ONCE
def test_of_two_texts_at_once_one_holds_and_the_other_hears_of_it(pairs: int, ana: User) -> None:
    """The author in two windows, on an account and on a deal."""
    mine = add(ana)
    theirs = notes.add(by=ana, deal_id="A1", body="They like it", at=clock.now())
    for nth in range(pairs):
        seen = str(AccountNote.objects.get().version)

        def change(by: User, text: str, nth: int = nth, seen: str = seen) -> None:
            known = {"note_id": mine, "seen": seen, "body": f"{text} {nth}"}
            account_notes.change(by=by, account_id=ACCOUNT, at=clock.now(), **known)

        kept = keeps_one(at_once(ana, ana, change), nth)
        assert AccountNote.objects.get().body == f"{kept} {nth}"
        seen = str(WrittenNote.objects.get().version)

        def change_there(by: User, text: str, nth: int = nth, seen: str = seen) -> None:
            known = {"note_id": theirs, "seen": seen, "body": f"{text} {nth}"}
            notes.change(by=by, deal_id="A1", at=clock.now(), **known)

        kept = keeps_one(at_once(ana, ana, change_there), nth)
        assert Note.objects.get().body == f"{kept} {nth}"
    assert WrittenNote.objects.get().version == AccountNote.objects.get().version == pairs + 1


@pytest.mark.django_db(transaction=True)
@AT_ONCE
def test_of_two_pins_at_once_one_holds_and_the_other_hears_of_it(
    pairs: int, ana: User, bo: User
) -> None:
    mine = add(ana)
    theirs = notes.add(by=ana, deal_id="A1", body="They like it", at=clock.now())
    days = {"first": "2031-01-01", "second": "2032-02-02"}
    for nth in range(pairs):
        seen = str(AccountNote.objects.get().version)
        WrittenNote.objects.update(review_on=None)
        AccountNote.objects.update(review_on=None)

        def pin(by: User, text: str, seen: str = seen) -> None:
            known = {"note_id": mine, "seen": seen, "is_pinned": True, "review": days[text]}
            account_notes.pin(by=by, account_id=ACCOUNT, at=clock.now(), **known)  # type: ignore[arg-type]

        kept = keeps_one(at_once(ana, bo, pin), nth)
        assert str(AccountNote.objects.get().review_on) == days[kept]
        seen = str(WrittenNote.objects.get().version)

        def pin_there(by: User, text: str, seen: str = seen) -> None:
            known = {"note_id": theirs, "seen": seen, "is_pinned": True, "review": days[text]}
            notes.pin(by=by, deal_id="A1", at=clock.now(), **known)  # type: ignore[arg-type]

        kept = keeps_one(at_once(ana, bo, pin_there), nth)
        assert str(WrittenNote.objects.get().review_on) == days[kept]
    assert WrittenNote.objects.get().version == AccountNote.objects.get().version == pairs + 1


@pytest.mark.django_db(transaction=True)
def test_notes_that_two_people_add_at_once_are_all_kept(ana: User, bo: User) -> None:
    for nth in range(FEW):

        def write(by: User, text: str, nth: int = nth) -> None:
            add(by, f"{text} {nth}")
            notes.add(by=by, deal_id="A1", body=f"{text} {nth}", at=clock.now())

        assert all(at_once(ana, bo, write))
    assert AccountNote.objects.count() == Note.objects.count() == 2 * FEW
