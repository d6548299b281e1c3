"""Tasks on deals and accounts: given to who may see them, reminded of once, lost by nobody."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import close_old_connections, connection
from django.test import Client

from pipeline import tasks as jobs
from pipeline.actions import tasks as actions
from pipeline.actions import work
from pipeline.datasets import PIPELINE_DEALS
from pipeline.models import Task
from pipeline.panels.deal import address
from pipeline.queries import tasks
from pipeline.queries.tasks import Subject
from revops_site.kernel import clock
from revops_site.kernel.loading import rows
from revops_site.kernel.models import Account, AuditEvent, User
from tests.conftest import AsUser
from tests.pipeline.test_categories import DEAL

TODAY = clock.today()
OF = Subject(deal_id="A1")


def sent(to: User, **given: str) -> Mapping[str, str]:
    told = {"deal": "A1", "title": "Call them", "priority": "1", "assignee": str(to.pk)}
    return told | {"due": str(TODAY), "remind": "", "next": address("A1")} | given


def give(by: User, to: User, of: Subject = OF, **given: str) -> Task:
    return actions.add(by=by, of=of, given=sent(to, **given), at=clock.now())


@pytest.fixture(autouse=True)
def deals(ana: User, bo: User, cy: User, pipeline_deals: None) -> None:
    """Ana has a deal A1, Cy another one, C1; Bo manages Ana."""


def test_a_task_is_given_and_stands_on_the_deal_and_among_one_s_own(
    ana: User, bo: User, as_user: AsUser
) -> None:
    assert as_user(bo).post("/tasks/", sent(ana)).status_code == 302
    for url in (address("A1"), "/tasks/"):
        page = as_user(ana).get(url).content.decode()
        assert "Call them" in page
        assert "given by Bo" in page
    assert "Call them" not in as_user(bo).get("/tasks/").content.decode()
    assert "Call them" in as_user(bo).get("/tasks/?show=given").content.decode()
    assert AuditEvent.objects.get(action="task given").target == "A1"


def test_what_is_due_is_marked_on_every_page(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    assert 'class="count' not in client.get("/glossary/").content.decode()
    give(ana, ana)
    give(ana, ana, due=str(TODAY + timedelta(days=9)))
    assert '<span class="count num">1<' in client.get("/glossary/").content.decode()


def test_a_task_is_changed_done_and_opened_again(ana: User, as_user: AsUser) -> None:
    task = give(ana, ana)
    client, url = as_user(ana), f"/tasks/{task.pk}/"
    changed = sent(ana, do="save", seen="1", title="Write to them", priority="3", due="")
    assert client.post(url, changed).status_code == 302
    assert client.post(url, {"do": "done", "seen": "2", "next": "/tasks/"}).status_code == 302
    task.refresh_from_db()
    assert (task.title, task.priority, task.due_date, task.version) == ("Write to them", 3, None, 3)
    assert task.done_at
    assert "Write to them" in client.get("/tasks/?show=done").content.decode()
    assert client.post(url, {"do": "open", "seen": "3"}).status_code == 302
    assert Task.objects.get().done_at is None


def test_only_who_sees_the_deal_may_be_given_its_task(
    ana: User, bo: User, cy: User, dee: User, vi: User
) -> None:
    assert [str(one) for one in tasks.assignees(OF)] == ["Ana", "Bo", "Dee"]
    with pytest.raises(work.RefusedError, match="somebody who may see"):
        give(ana, cy)


def test_who_does_not_see_the_deal_finds_its_tasks_nowhere(
    ana: User, cy: User, dee: User, as_user: AsUser
) -> None:
    task = give(dee, ana)
    foreign = as_user(cy)
    assert foreign.post("/tasks/", sent(cy)).status_code == 404
    done = {"do": "done", "seen": "1"}
    assert foreign.post(f"/tasks/{task.pk}/", done).status_code == 404
    assert foreign.post("/tasks/999999/", done).status_code == 404
    give(dee, cy, Subject(deal_id="C1"), title="Secret of Cy")
    moved = {**DEAL, "deal_id": "C1", "owner_id": "ana", "account_name": "Canary One"}
    assert not rows.write(PIPELINE_DEALS, [moved], kind="sync", source="t", by=None).refused
    assert "Secret" not in foreign.get("/tasks/").content.decode()


def test_viewers_read_and_write_nothing(ana: User, vi: User, dee: User, as_user: AsUser) -> None:
    task = give(ana, ana)
    page = as_user(vi).get(address("A1")).content.decode()
    assert "Call them" in page
    assert "task-new" not in page
    assert as_user(vi).post("/tasks/", sent(dee)).status_code == 403
    assert as_user(vi).post(f"/tasks/{task.pk}/", {"do": "done"}).status_code == 403
    assert Client().post("/tasks/", sent(dee)).status_code == 302
    assert Task.objects.get().done_at is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"title": " "}, "Write what is to be done first."),
        ({"title": "x" * 201}, "At most 200 characters"),
        ({"due": "soon"}, "Give days such as"),
        ({"priority": "9"}, "Choose one of the priorities."),
        ({"assignee": "x"}, "Choose somebody"),
    ],
)
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(
    given: dict[str, str], says: str, ana: User, as_user: AsUser
) -> None:
    answer = as_user(ana).post("/tasks/", sent(ana, **given))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Task.objects.exists()


def test_who_is_late_sees_both_and_chooses(ana: User, bo: User, as_user: AsUser) -> None:
    task = give(bo, ana)
    url = f"/tasks/{task.pk}/"
    assert as_user(bo).post(url, sent(ana, do="save", seen="1", title="Theirs")).status_code == 302
    answer = as_user(ana).post(url, sent(ana, do="save", seen="1", title="Mine"))
    page = answer.content.decode()
    assert answer.status_code == 422
    for told in ("by Bo", "Theirs", "Mine", "Keep mine"):
        assert told in page
    assert Task.objects.get().title == "Theirs"
    assert as_user(ana).post(url, sent(ana, do="save", seen="2", title="Mine")).status_code == 302


def test_a_task_on_an_account_is_given_on_its_page(
    ana: User, bo: User, cy: User, as_user: AsUser
) -> None:
    Account.objects.create(account_id="X/1", name="Acme", owner_id="ana")
    given = sent(ana, deal="", account="X/1", next="/accounts/X%2F1/")
    answer = as_user(bo).post("/tasks/", given)
    assert answer.status_code == 302
    assert "Call them" in as_user(ana).get("/accounts/X%2F1/").content.decode()
    assert "Call them" in as_user(ana).get("/tasks/").content.decode()
    assert as_user(cy).post("/tasks/", given).status_code == 404


def test_htmx_gets_the_part_that_the_form_stands_in(ana: User, as_user: AsUser) -> None:
    headers = {"HX-Request": "true", "HX-Target": "tasks"}
    answer = as_user(ana).post("/tasks/", sent(ana), headers=headers)
    text = answer.content.decode().strip()
    assert answer.status_code == 200
    assert text.startswith('<section id="tasks"')
    assert "Call them" in text


@pytest.fixture
def posted() -> list[EmailMessage]:
    return mail.outbox


def test_a_reminder_is_mailed_once_of_what_its_reader_may_see(
    ana: User, cy: User, dee: User, posted: list[EmailMessage]
) -> None:
    yesterday = str(TODAY - timedelta(days=1))
    give(dee, ana, remind=yesterday)
    give(dee, ana, remind=str(TODAY), title="Second")
    give(dee, ana, remind=str(TODAY + timedelta(days=2)), title="Later")
    give(dee, cy, Subject(deal_id="C1"), title="Of Cy", remind=yesterday)
    hidden = {**DEAL, "deal_id": "C1", "owner_id": "ana"}
    assert not rows.write(PIPELINE_DEALS, [hidden], kind="sync", source="t", by=None).refused
    jobs.mail_reminders()
    jobs.mail_reminders()
    (letter,) = posted
    assert letter.to == ["ana@example.com"]
    assert letter.subject == "Reminder of 2 tasks"
    assert "Call them (Acme (A1))" in str(letter.body)
    assert "Second" in str(letter.body)
    assert "Later" not in str(letter.body)


def test_another_day_of_reminding_reminds_again(ana: User, posted: list[EmailMessage]) -> None:
    task = give(ana, ana, remind=str(TODAY - timedelta(days=2)))
    jobs.mail_reminders()
    again = sent(ana, remind=str(TODAY))
    actions.change(by=ana, task_id=task.pk, given=again, seen="1", at=clock.now())
    jobs.mail_reminders()
    assert len(posted) == 2


def test_what_cannot_be_sent_is_sent_later(
    ana: User, posted: list[EmailMessage], settings: object
) -> None:
    give(ana, ana, remind=str(TODAY))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # type: ignore[attr-defined]
    jobs.mail_reminders()
    assert Task.objects.get().reminded_at is None


def test_a_reminder_of_which_nobody_knows_whether_it_came_is_told_on_the_task(
    ana: User, posted: list[EmailMessage], as_user: AsUser
) -> None:
    task = give(ana, ana, remind=str(TODAY))
    assert actions.claim(task.pk, clock.now() - timedelta(minutes=6))  # whoever did has died
    jobs.mail_reminders()
    assert posted == []
    says = "Its reminder may not have come by mail."
    assert says in as_user(ana).get("/tasks/").content.decode()
    Task.objects.update(reminded_at=None)
    jobs.mail_reminders()
    assert len(posted) == 1
    assert Task.objects.get().reminder_came_at is not None
    assert says not in as_user(ana).get("/tasks/").content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "pairs", [10, pytest.param(200, marks=pytest.mark.slow)], ids=["few", "all"]
)
def test_of_two_edits_at_once_one_holds_and_the_other_hears_of_it(
    pairs: int, ana: User, bo: User
) -> None:
    task = give(bo, ana)
    for nth in range(pairs):
        seen, gate = str(Task.objects.get().version), threading.Barrier(2)
        heard: list[str] = []

        def edit(
            by: User, title: str, seen: str, heard: list[str], gate: threading.Barrier
        ) -> None:
            try:
                gate.wait()
                given = sent(ana, title=title)
                actions.change(by=by, task_id=task.pk, given=given, seen=seen, at=clock.now())
                heard.append(title)
            except work.ConflictError:
                heard.append("")
            finally:
                connection.close()

        pairs_ = ((ana, f"Ana {nth}"), (bo, f"Bo {nth}"))
        threads = [threading.Thread(target=edit, args=(*p, seen, heard, gate)) for p in pairs_]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        close_old_connections()
        assert sorted(map(bool, heard)) == [False, True], (nth, heard)
        assert Task.objects.get().title in heard
