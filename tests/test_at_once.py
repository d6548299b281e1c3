"""Two people save the same thing at once: one is kept, the other is told, nothing is lost."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from insights.actions import annotations as marks
from insights.actions import boards, comments
from insights.queries.boards import Board
from insights.queries.comments import Comment
from pipeline.actions import notes, tasks
from pipeline.actions.work import ConflictError
from pipeline.models import Deal, Note, PipelineTerms, Task, WrittenNote
from pipeline.queries.tasks import Subject
from revops_site.kernel import clock
from revops_site.kernel.models import Annotation, User, Workspace
from tests.conftest import AsUser
from tests.test_edits import form

PAIRS = int(os.environ.get("REVOPS_PAIRS", "2"))
Save = Callable[[str], bool]
"""Saves a text, on the state that stood when it was opened; whether it was kept."""
Things = dict[str, "Thing"]


class Thing:
    """What two people edit: how each of them opens it, and what it says."""

    def __init__(self, opened: Callable[[], tuple[Save, Save]], says: Callable[[], str]) -> None:
        self.opened, self.says = opened, says


def meet(thing: Thing, texts: tuple[str, str]) -> list[str]:
    """Both open it, and then save at once; whose text was kept, as they were told."""
    gate, kept, wrong = threading.Barrier(2), [], []

    def save(one: Save, text: str) -> None:
        try:
            gate.wait(60)
            if one(text):
                kept.append(text)
        except Exception as error:  # told below, in the thread of the test
            wrong.append(error)
        finally:
            connections.close_all()

    pairs = zip(thing.opened(), texts, strict=True)
    crowd = [threading.Thread(target=save, args=pair) for pair in pairs]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert wrong == []
    return kept


def refuses(deed: Callable[[], object], *conflicts: type[Exception]) -> bool:
    """Whether it was done; False where somebody was there before."""
    try:
        deed()
    except conflicts:
        return False
    return True


def deed(act: Callable[[str], object], *conflicts: type[Exception]) -> Save:
    """What saves by an action of the product."""

    def save(text: str) -> bool:
        return refuses(lambda: act(text), *conflicts)

    return save


def twice(save: Callable[[], Save]) -> tuple[Save, Save]:
    return save(), save()


def written(ana: User) -> Things:
    """What Ana has open in two windows: texts that the product keeps."""
    at = clock.now()
    note = notes.add(by=ana, deal_id="A1", body="First", at=at)
    typed = {"title": "First", "priority": "1", "assignee": str(ana.pk), "due": str(clock.today())}
    task = tasks.add(by=ana, of=Subject(deal_id="A1"), given=typed | {"remind": ""}, at=at).pk
    said = marks.Given(clock.today(), None, "First", "", Annotation.Reach.PRIVATE)
    mark = marks.write(user=ana, given=said, at=at).pk
    board = boards.make(user=ana, name="First", at=at).pk
    talk = comments.begin(
        user=ana, address="/pipeline/", panel="aging", query="", text="First", reach="team", at=at
    ).pk

    def note_() -> Save:
        seen = str(WrittenNote.objects.get(pk=note).version)
        return deed(
            lambda text: notes.change(
                by=ana, deal_id="A1", note_id=note, body=text, seen=seen, at=clock.now()
            ),
            ConflictError,
        )

    def task_() -> Save:
        seen = str(Task.objects.get(pk=task).version)
        given = typed | {"remind": ""}
        return deed(
            lambda text: tasks.change(
                by=ana, task_id=task, given=given | {"title": text}, seen=seen, at=clock.now()
            ),
            ConflictError,
        )

    def mark_() -> Save:
        seen = str(Annotation.objects.get(pk=mark).version)
        return deed(
            lambda text: marks.change(
                user=ana,
                annotation_id=mark,
                given=replace(said, text=text),
                seen=seen,
                at=clock.now(),
            ),
            marks.ConflictError,
        )

    def board_() -> Save:
        seen = str(Board.objects.get(pk=board).version)
        return deed(
            lambda text: boards.rename(user=ana, board_id=board, seen=seen, name=text),
            boards.ConflictError,
        )

    def talk_() -> Save:
        seen = str(Comment.objects.get(pk=talk).version)
        return deed(
            lambda text: comments.change(
                user=ana, comment_id=talk, text=text, seen=seen, at=clock.now()
            ),
            comments.ConflictError,
        )

    return {
        "note": Thing(lambda: twice(note_), lambda: Note.objects.get(pk=note).body),
        "task": Thing(lambda: twice(task_), lambda: Task.objects.get(pk=task).title),
        "annotation": Thing(lambda: twice(mark_), lambda: Annotation.objects.get(pk=mark).text),
        "board": Thing(lambda: twice(board_), lambda: Board.objects.get(pk=board).name),
        "comment": Thing(lambda: twice(talk_), lambda: Comment.objects.get(pk=talk).text),
    }


def at_the_desk(clients: tuple[Client, Client], cy: User) -> Things:
    """What two people have open at the desk: their forms, filled in as a browser does."""
    PipelineTerms.objects.create(pipeline_id="new")

    def table(model: str, pk: object, field: str, says: Callable[[], str]) -> Thing:
        address = reverse(f"admin:{model}_change", args=[pk])

        def one(client: Client) -> Save:
            sent = form(client, address)
            return lambda text: client.post(address, sent | {field: text}).status_code == 302

        return Thing(lambda: (one(clients[0]), one(clients[1])), says)

    return {
        "terms": table(
            "pipeline_pipelineterms",
            "new",
            "order_stages",
            lambda: PipelineTerms.objects.get().order_stages,
        ),
        "workspace": table("kernel_workspace", 1, "name", lambda: Workspace.objects.get().name),
        "person": table(
            "kernel_user", cy.pk, "first_name", lambda: User.objects.get(pk=cy.pk).first_name
        ),
        "deal": table(
            "pipeline_deal", "A1", "account_name", lambda: Deal.objects.get(pk="A1").account_name
        ),
    }


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_kept_and_the_other_told(
    workspace: Workspace,
    ana: User,
    cy: User,
    ad: User,
    pipeline_deals: None,
    as_user: AsUser,
) -> None:
    things = written(ana) | at_the_desk((as_user(ad), as_user(ad)), cy)
    for name, thing in things.items():
        for nth in range(PAIRS):
            texts = f"One {nth}", f"Other {nth}"
            kept = meet(thing, texts)
            assert len(kept) == 1, (name, nth, kept)
            assert thing.says() == kept[0], (name, nth)
    sys.stdout.write(f"\n{PAIRS} pairs at once on each of {len(things)} things: 0 lost")


@pytest.mark.django_db
def test_a_form_at_the_desk_that_was_opened_before_another_edit_tells_what_there_is_now(
    ad: User, pipeline_deals: None, as_user: AsUser
) -> None:
    client = as_user(ad)
    PipelineTerms.objects.create(pipeline_id="new")
    address = reverse("admin:pipeline_pipelineterms_change", args=["new"])
    assert 'name="opened_as"' in client.get(address).content.decode()
    early = form(client, address)
    assert client.post(address, form(client, address) | {"stuck_days": "45"}).status_code == 302
    refused = client.post(address, early | {"overdue_days": "9"})
    told = refused.content.decode()
    assert "Somebody changed this since you opened it. Nothing was saved." in told
    assert "it has: overdue from 7, stuck from 45" in told.lower()
    assert PipelineTerms.objects.get().overdue_days == 7
    same = early | {"stuck_days": "45"}
    assert client.post(address, same).status_code == 302, "the same sent twice is no conflict"
    PipelineTerms.objects.all().delete()
    assert client.post(address, early).status_code == 302, "what is gone has no form"
