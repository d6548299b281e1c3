"""The background: whether a worker works, what waits for it, what failed and why."""

from __future__ import annotations

from insights.panels.data.look import Look, Part, part
from insights.panels.data.tables import Column, Row, number, ordered, table, unknown
from insights.queries.jobs import Failure, Queue, Task, queue
from revops_site.kernel.fragments.tables import Cell

SLUG = "data-work"
START = "manage.py demo and manage.py serve start one; by itself: manage.py procrastinate worker."
NO_REASON = "The reason was not kept: see the worker's log."
TASKS = (
    Column("task", "Job", key=lambda one: words(one.name)),
    Column("waiting", "Waiting", numeric=True, key=lambda one: one.waiting),
    Column("doing", "Running", numeric=True, key=lambda one: one.doing),
    Column("failed", "Failed", numeric=True, key=lambda one: one.failed),
    Column("done", "Done", numeric=True, key=lambda one: one.succeeded),
    Column("since", "Oldest waits since", key=lambda one: one.waiting_since),
    Column("next", "Next run", key=lambda one: one.next_at),
)
FAILURES = (
    Column("job", "Job", sorts=False),
    Column("failed_at", "Failed", sorts=False),
    Column("tries", "Tries", numeric=True, sorts=False),
    Column("reason", "Reason", sorts=False),
)


def the_work(look: Look) -> Part:
    """The worker, its queue, and what failed."""
    return part(
        look,
        SLUG,
        "Is the background at work?",
        lambda: _made(look, queue(look.now)),
        subtitle="Ended jobs are kept for a month.",
    )


def words(task: str) -> str:
    """A task's name as people read it."""
    return task.rpartition(".")[2].replace("_", " ").capitalize()


def verdict(look: Look, found: Queue) -> dict[str, str]:
    """Whether somebody works, in sign and words, and what to do if nobody does."""
    if found.workers:
        says = "1 worker runs." if found.workers == 1 else f"{found.workers} workers run."
        return {"tone": "good", "icon": "ok", "says": says, "advice": ""}
    heard = f" since {look.written(found.heard_at)}" if found.heard_at else ""
    advice = f"What waits stays undone until one is started. {START}"
    return {"tone": "bad", "icon": "bad", "says": f"No worker runs{heard}.", "advice": advice}


def _made(look: Look, found: Queue) -> Part:
    tasks = ordered(look, TASKS, found.tasks)
    says = f"{len(tasks)} kinds of jobs."
    worker = verdict(look, found)
    failed = [_failure(look, one) for one in found.failures]
    return {
        "verdict": worker,
        "table": table(look, SLUG, says, TASKS, [_task(look, one) for one in tasks]),
        "failures": table(look, f"{SLUG}-failed", f"{len(failed)} failed jobs.", FAILURES, failed)
        if failed
        else None,
        "announce": f"{worker['says']} {says}",
    }


def _task(look: Look, one: Task) -> Row:
    alarm = "bad" if one.failed else ""
    later = f"{one.later:,} put off" if one.later else ""
    return [
        Cell(words(one.name), title=one.name),
        number(one.waiting, more=later),
        number(one.doing),
        number(one.failed, tone=alarm, icon=alarm),
        number(one.succeeded),
        look.moment(one.waiting_since) if one.waiting_since else unknown(),
        look.moment(one.next_at) if one.next_at else Cell("when needed", tone="muted"),
    ]


def _failure(look: Look, one: Failure) -> Row:
    return [
        Cell(f"{words(one.task)} (job {one.job_id})", title=one.task),
        look.moment(one.at),
        number(one.attempts),
        Cell(one.reason or NO_REASON, wraps=True, tone="" if one.reason else "muted"),
    ]
