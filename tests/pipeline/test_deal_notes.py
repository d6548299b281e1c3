"""Notes on a deal are plain text, belong to who wrote them, and stay on top while pinned."""

from __future__ import annotations

import pytest

from pipeline.actions import notes as actions
from pipeline.datasets import NOTES
from pipeline.models import DealChange, Note, WrittenNote
from pipeline.panels.deal import address
from revops_site.kernel import clock
from revops_site.kernel.loading import rows
from revops_site.kernel.models import AuditEvent, User
from tests.conftest import AsUser

PAGE = address("A1")


@pytest.fixture(autouse=True)
def deals(ana: User, cy: User, pipeline_deals: None) -> None:
    """Ana has a deal A1, Cy another one."""


def add(by: User, body: str = "They like it") -> str:
    return actions.add(by=by, deal_id="A1", body=body, at=clock.now())


def sent(note_id: str, **given: str) -> dict[str, str]:
    told = {"do": "change note", "note": note_id, "seen": "1", "body": "Another text"}
    return told | given


def test_a_note_is_kept_as_it_was_written_and_audited(ana: User, as_user: AsUser) -> None:
    text = "  <b>Bold</b>\r\nhttps://x.example \x07 end  "
    answer = as_user(ana).post(PAGE, {"do": "add note", "body": text})
    assert answer.status_code == 302
    note = Note.objects.get()
    assert note.body == "<b>Bold</b>\nhttps://x.example   end"
    assert note.author_id == "ana"
    page = as_user(ana).get(PAGE).content.decode()
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    assert 'href="https://x.example' not in page
    assert AuditEvent.objects.get(action="note added").target == "A1"


def test_somebody_who_is_no_rep_is_named_as_its_author(dee: User, as_user: AsUser) -> None:
    add(dee)
    page = as_user(dee).get(PAGE).content.decode()
    assert page.count("Dee") >= 2


@pytest.mark.parametrize(
    ("body", "says"), [(" \n ", "Write a note first."), ("x" * 4001, "At most 4,000 characters")]
)
def test_nothing_and_too_much_are_refused_and_what_was_typed_stays(
    body: str, says: str, ana: User, as_user: AsUser
) -> None:
    answer = as_user(ana).post(PAGE, {"do": "add note", "body": body})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Note.objects.exists()


def test_one_changes_one_s_own_note_and_the_log_says_so(ana: User, as_user: AsUser) -> None:
    note_id = add(ana)
    assert as_user(ana).post(PAGE, sent(note_id)).status_code == 302
    assert Note.objects.get().body == "Another text"
    assert DealChange.objects.get(field="note").new == "changed"
    assert AuditEvent.objects.filter(action="note changed").count() == 1


def test_nobody_changes_another_s_note_but_revops_may_delete_it(
    ana: User, bo: User, dee: User, as_user: AsUser
) -> None:
    note_id = add(ana)
    assert as_user(bo).post(PAGE, sent(note_id)).status_code == 422
    assert as_user(bo).post(PAGE, sent(note_id, do="delete note")).status_code == 422
    assert as_user(dee).post(PAGE, sent(note_id)).status_code == 422
    assert Note.objects.get().body == "They like it"
    assert as_user(dee).post(PAGE, sent(note_id, do="delete note")).status_code == 302
    assert not Note.objects.exists()
    assert not WrittenNote.objects.exists()


def test_a_note_of_the_crm_is_pinned_but_neither_changed_nor_deleted(
    ana: User, as_user: AsUser
) -> None:
    told = {"note_id": "N1", "deal_id": "A1", "body": "From the CRM", "author_id": "ana"}
    moment = {"created_at": "2025-06-01T10:00:00Z"}
    assert not rows.write(NOTES, [told | moment], kind="sync", source="t", by=None).refused
    client = as_user(ana)
    assert client.post(PAGE, sent("N1")).status_code == 422
    assert client.post(PAGE, sent("N1", do="delete note")).status_code == 422
    pinned = sent("N1", do="pin note", seen="0", review="2025-06-30")
    assert client.post(PAGE, pinned).status_code == 302
    page = client.get(PAGE).content.decode()
    assert "Pinned</span>" in page
    assert "to be reviewed on" in page
    assert ">Due</span>" in page
    assert client.post(PAGE, sent("N1", do="unpin note")).status_code == 302
    assert "Pinned</span>" not in client.get(PAGE).content.decode()


def test_a_note_that_was_changed_meanwhile_is_a_conflict_with_both_texts(
    ana: User, as_user: AsUser
) -> None:
    note_id = add(ana)
    client = as_user(ana)
    assert client.post(PAGE, sent(note_id, body="In the other window")).status_code == 302
    answer = client.post(PAGE, sent(note_id, body="In this window"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "In the other window" in page
    assert "In this window" in page
    assert "Keep mine" in page
    assert Note.objects.get().body == "In the other window"
    assert client.post(PAGE, sent(note_id, seen="2", body="In this window")).status_code == 302
    assert Note.objects.get().body == "In this window"


def test_what_was_typed_on_a_note_that_is_gone_is_not_lost(ana: User, as_user: AsUser) -> None:
    note_id = add(ana)
    actions.delete(by=ana, deal_id="A1", note_id=note_id, seen="1", at=clock.now())
    answer = as_user(ana).post(PAGE, sent(note_id, body="In this window"))
    assert answer.status_code == 422
    assert "This note was deleted since you opened it." in answer.content.decode()
    assert ">In this window</textarea>" in answer.content.decode()


def test_two_who_pin_a_note_hear_of_each_other(ana: User, bo: User, as_user: AsUser) -> None:
    note_id = add(ana)
    pinned = sent(note_id, do="pin note", review="2031-01-01")
    assert as_user(bo).post(PAGE, pinned).status_code == 302
    assert as_user(bo).post(PAGE, pinned).status_code == 302, "the same was sent twice"
    later = as_user(ana).post(PAGE, pinned | {"review": "2032-01-01"})
    assert later.status_code == 422
    assert "was changed since you opened it" in later.content.decode()
    assert str(WrittenNote.objects.get().review_on) == "2031-01-01"


def test_a_note_of_another_deal_is_out_of_reach(ana: User, cy: User, as_user: AsUser) -> None:
    theirs = actions.add(by=cy, deal_id="C1", body="Cy's", at=clock.now())
    client = as_user(ana)
    for do in ("change note", "delete note", "pin note"):
        assert client.post(PAGE, sent(theirs, do=do)).status_code in {302, 422}
        assert client.post(address("C1"), sent(theirs, do=do)).status_code == 404
    assert Note.objects.get().body == "Cy's"
    assert not WrittenNote.objects.get().is_pinned
