"""Tasks as pages show them: one's own, those of a deal or an account, and the mail that reminds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from pipeline.panels.deal import words
from pipeline.panels.deal.places import address
from pipeline.queries import tasks
from pipeline.queries.tasks import Subject
from revops_site.kernel import clock, freshness
from revops_site.kernel.queries import workspace

PARTS: Mapping[str, str] = {"tasks": "pipeline/_tasks.html"}
SHOWN = {"": ("To do", tasks.mine), "given": ("Given to others", tasks.given)}
SHOWN |= {"done": ("Done", tasks.done)}
PATIENCE = timedelta(minutes=5)
TONES = {"1": "bad", "3": "muted"}
NOTHING = {
    "": "Nothing is to be done. Tasks are given on the page of a deal or an account, or made of an "
    "insight.",
    "given": "You have given nobody an open task.",
    "done": "Nothing was done yet.",
}


def page(by: Any, show: str) -> dict[str, Any]:
    """The page of somebody's own tasks."""
    show = show if show in SHOWN else ""
    today = freshness.stamp(workspace())
    found = list(SHOWN[show][1](by)[: tasks.MOST])
    names = tasks.names(found)
    return {
        "title": "My tasks",
        "chips": [
            {"label": label, "url": f"/tasks/?show={slug}" if slug else "/tasks/"}
            | {"chosen": slug == show}
            for slug, (label, _) in SHOWN.items()
        ],
        "tasks": [task(one, today, names) for one in found],
        "may": tasks.may_work(by),
        "nothing": NOTHING[show],
        "address": f"/tasks/?show={show}" if show else "/tasks/",
    }


def section(
    of: Subject, by: Any, next_: str, token: str, said: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What ``_tasks.html`` prints of a deal or an account; ``said`` is what could not be kept."""
    said = said or {}
    today = freshness.stamp(workspace())
    people = tasks.assignees(of) if tasks.may_work(by) else ()
    found = tasks.of_subject(of)
    return {
        "of": of,
        "token": token,
        "name": of.name,
        "next": next_,
        "may": tasks.may_work(by),
        "tasks": [task(one, today, {}, said) for one in found],
        "people": [{"id": str(one.pk), "name": str(one)} for one in people],
        "priorities": [{"value": v, "label": label} for v, label in tasks.PRIORITIES.items()],
        "form": {"assignee": str(by.pk), "priority": "2", **(said if not said.get("task") else {})},
        "error": said.get("error", "") if not said.get("task") else "",
        "longest": tasks.LONGEST,
    }


def task(
    one: Any, today: date, names: Mapping[str, str], said: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What is printed of a task."""
    said = said or {}
    meant = said if said.get("task") == str(one.pk) else {}
    kind, key = ("deal", one.deal_id) if one.deal_id else ("account", one.account_id)
    url = address(key) if kind == "deal" else f"/accounts/{quote(key, safe='')}/"
    url = one.address if one.about else url
    now = {
        "title": one.title,
        "priority": str(one.priority),
        "due": one.due_date.isoformat() if one.due_date else "",
        "remind": one.remind_on.isoformat() if one.remind_on else "",
        "assignee": str(one.assignee_id),
    }
    return {
        "id": one.pk,
        "url": f"/tasks/{one.pk}/",
        "title": one.title,
        "about": one.about or names.get(f"{kind} {key}", key),
        "about_url": url,
        "priority": one.get_priority_display() if one.priority != 2 else "",
        "tone": TONES.get(str(one.priority), ""),
        "due": words.day(one.due_date),
        "remind": words.day(one.remind_on),
        "may_miss": _may_miss(one),
        "late": one.done_at is None and one.due_date is not None and one.due_date < today,
        "who": str(one.assignee),
        "by": str(one.by or "Somebody who is gone"),
        "done": words.moment(one.done_at) if one.done_at else None,
        "version": str(one.version),
        "form": {**now, **{name: meant[name] for name in now if name in meant}},
        "error": meant.get("error", ""),
        "conflict": _conflict(one, meant) if meant.get("is_conflict") else None,
    }


def _may_miss(one: Any) -> bool:
    """Whether nobody knows that the reminder came, some time after it was to be mailed."""
    if one.done_at or one.reminded_at is None or one.reminder_came_at is not None:
        return False
    return bool(clock.now() - one.reminded_at > PATIENCE)


def _conflict(one: Any, said: Mapping[str, Any]) -> Mapping[str, str]:
    due = words.day(one.due_date)["at"] or "no day"
    return {
        "now": f"{one.title}, {due}, {one.assignee}" + (", done" if one.done_at else ""),
        "who": str(one.changed_by or "Somebody"),
        "mine": f"{said.get('title', one.title)}, {said.get('due', '') or 'no day'}",
    }


def mail(found: Sequence[Any], names: Mapping[str, str], site: str) -> tuple[str, str]:
    """Subject and text of the mail that reminds somebody of these tasks."""
    count = "a task" if len(found) == 1 else f"{len(found)} tasks"
    lines = []
    for one in found:
        of = f"deal {one.deal_id}" if one.deal_id else f"account {one.account_id}"
        about = one.about or names.get(of, "")
        due = f", due {words.day(one.due_date)['at']}" if one.due_date else ""
        lines.append(f"- {one.title} ({about or one.deal_id or one.account_id}){due}")
    way = f"\n\nAll of them: {site.rstrip('/')}/tasks/" if site else "\n\nAll of them: My tasks."
    return f"Reminder of {count}", "You asked to be reminded:\n\n" + "\n".join(lines) + way + "\n"
