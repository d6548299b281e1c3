"""Gives tasks on deals and accounts, changes them, marks them done; a reminder is claimed once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from pipeline.actions.work import ConflictError, RefusedError, line
from pipeline.models import Task
from pipeline.queries import tasks
from pipeline.queries.tasks import Subject
from revops_site.kernel import audit
from revops_site.kernel.models import User

TYPED = ("title", "priority", "due_date", "remind_on", "assignee_id")


@transaction.atomic
def add(*, by: User, of: Subject, given: Mapping[str, str], at: datetime) -> Task:
    """Give a task; ``given`` has title, priority, due, remind and assignee as they were typed.

    RefusedError says what is in the way.
    """
    _insist_on_work(by)
    values = _values(of, given)
    made = Task.objects.create(
        deal_id=of.deal_id, account_id=of.account_id, by=by, at=at, changed_by=by, **values
    )
    _told("task given", by, made)
    return made


@transaction.atomic
def add_about(*, by: User, about: str, address: str, title: str, due: date, at: datetime) -> Task:
    """Give oneself a task about something that the product said, shown at ``address``."""
    _insist_on_work(by)
    made = Task.objects.create(
        about=about[:300],
        address=address,
        title=line(title, tasks.LONGEST, "what is to be done"),
        due_date=_within(due),
        assignee=by,
        by=by,
        at=at,
        changed_by=by,
    )
    _told("task given", by, made)
    return made


@transaction.atomic
def change(
    *, by: User, task_id: int, given: Mapping[str, str], seen: str, at: datetime
) -> Task | None:
    """Change a task; ``seen`` is the version that the form was opened on. None of no such task.

    ConflictError where it was changed since.
    """
    found = _held(by, task_id)
    if found is None:
        return None
    values = _values(Subject(found.deal_id, found.account_id), given)
    if values == {name: getattr(found, name) for name in TYPED}:
        return found  # the same was sent twice
    _insist_on(seen, found)
    if values["remind_on"] != found.remind_on or values["assignee_id"] != found.assignee_id:
        values |= {"reminded_at": None, "reminder_came_at": None}
    return _kept(found, by, "task changed", **values)


@transaction.atomic
def finish(*, by: User, task_id: int, is_done: bool, seen: str, at: datetime) -> Task | None:
    """Mark a task done, or open it again. As ``change`` otherwise."""
    found = _held(by, task_id)
    if found is None or (found.done_at is not None) == is_done:
        return found
    _insist_on(seen, found)
    action = "task done" if is_done else "task opened again"
    return _kept(found, by, action, done_at=at if is_done else None)


def claim(task_id: int, at: datetime) -> bool:
    """Take the sending of a reminder upon oneself; False where somebody else has."""
    return bool(Task.objects.filter(pk=task_id, reminded_at=None).update(reminded_at=at))


def came(task_id: int, at: datetime, now: datetime) -> None:
    """Keep that the mail server took a reminder that was claimed ``at``."""
    Task.objects.filter(pk=task_id, reminded_at=at).update(reminder_came_at=now)


def release(task_id: int, at: datetime) -> None:
    """Let a reminder that could not be sent be sent later."""
    Task.objects.filter(pk=task_id, reminded_at=at).update(reminded_at=None)


def _insist_on_work(by: User) -> None:
    if not tasks.may_work(by):
        raise RefusedError("You may read tasks, but not write them.")


def _held(by: User, task_id: int) -> Task | None:
    """The task, which nobody else changes until the transaction ends."""
    _insist_on_work(by)
    if not tasks.seen(by).filter(pk=task_id).exists():
        return None
    return Task.objects.select_for_update().filter(pk=task_id).first()


def _insist_on(seen: str, found: Task) -> None:
    if seen != str(found.version):
        raise ConflictError("Somebody has changed this task since you opened it.")


def _kept(found: Task, by: User, action: str, **values: Any) -> Task:
    for name, value in values.items():
        setattr(found, name, value)
    found.version += 1
    found.changed_by = by
    found.save(update_fields=[*values, "version", "changed_by"])
    _told(action, by, found)
    return found


def _told(action: str, by: User, task: Task) -> None:
    target = task.deal_id or task.account_id or task.about
    audit.record(action, user=by, target=target, task=task.pk, title=task.title)


def _values(of: Subject, given: Mapping[str, str]) -> dict[str, Any]:
    title = line(given.get("title", ""), tasks.LONGEST, "what is to be done")
    priority = given.get("priority", "") or str(Task.Priority.NORMAL)
    if priority not in tasks.PRIORITIES:
        raise RefusedError("Choose one of the priorities.")
    people = {str(one.pk): one for one in tasks.assignees(of)}
    who = people.get(given.get("assignee", ""))
    if who is None:
        raise RefusedError("Choose somebody who may see what the task is about.")
    return {
        "title": title,
        "priority": int(priority),
        "due_date": _day(given.get("due", "")),
        "remind_on": _day(given.get("remind", "")),
        "assignee_id": who.pk,
    }


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise RefusedError("Give days such as 2026-03-31, or none.") from None
    return _within(found)


def _within(found: date) -> date:
    if not date(2000, 1, 1) <= found <= date(2100, 12, 31):
        raise RefusedError("Give days of this century.")
    return found
