"""What runs in the background for the pages that belong to no single domain."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection
from procrastinate import JobContext
from procrastinate.contrib.django import app

from insights import rollups
from insights.actions import (
    connecting,
    days,
    files,
    jobs,
    programs,
    quality,
    searching,
    subscriptions,
    syncs,
    uploads,
)
from insights.catalog import DATASETS, SOURCES, source_named
from insights.panels import cards
from insights.panels.book import BOOKS
from insights.queries import kpis
from insights.queries.days import insights_are_of, kpis_are_of
from insights.queries.quality import counted, newest
from insights.queries.search import searched_generation
from insights.rules import rules
from insights.rules.quality import CHECKS
from insights.tasks import asking as asking
from insights.tasks.customers import keep_customer_health as keep_customer_health
from insights.tasks.customers import keep_customers as keep_customers
from insights.tasks.queue import forget_old_jobs as forget_old_jobs
from insights.tasks.queue import take_up_stalled as take_up_stalled
from insights.tasks.watching import (
    check_numbers,
    compare_numbers,
    keep_anomalies,
    keep_rule_months,
    look_at_alerts,
)
from revops_site.kernel import clock, freshness, sync
from revops_site.kernel.filters import Filters
from revops_site.kernel.loading import session
from revops_site.kernel.permissions import EVERYBODY

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.jobs import Job
    from procrastinate.middleware import AsyncCallNext
    from procrastinate.worker import Worker

    from revops_site.kernel.models import Workspace

__all__ = [
    "check_numbers",
    "compare_numbers",
    "keep_anomalies",
    "keep_rule_months",
    "look_at_alerts",
]

SECONDS = 120.0  # of mails in a row; what is left has its turn later


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="count-quality", lock="count-quality", pass_context=False)
def count_quality(timestamp: int) -> None:
    """Run the checks of the data's quality where data or day are others than last time."""
    workspace = freshness.workspace()
    today = freshness.stamp(workspace)
    last = newest()
    if last and last.generation == workspace.generation and last.day == today:
        return
    quality.keep_counts(counts=counted(CHECKS, workspace))


@app.periodic(cron="3-59/10 * * * *")
@app.task(queueing_lock="keep-insights", lock="keep-insights", pass_context=False)
def keep_insights(timestamp: int) -> None:
    """Keep what the rules find in the whole company, where data or day are others than before."""
    workspace = freshness.workspace()
    today = freshness.stamp(workspace)
    if insights_are_of(today, workspace.generation):
        return
    found = cards.find(Filters(), EVERYBODY, rules(), workspace, patient=True).found
    days.keep_insights(
        day=today,
        told=[days.Told(one.insight, one.lasting_address, one.view.slice_.as_of) for one in found],
        currency=workspace.reporting_currency,
        generation=workspace.generation,
        at=clock.now(),
    )


@app.periodic(cron="6-59/10 * * * *")
@app.task(queueing_lock="keep-kpis", lock="keep-kpis", pass_context=False)
def keep_kpis(timestamp: int) -> None:
    """Keep every figure as of the data's last day: once a day, and after each change of data."""
    workspace = freshness.workspace()
    if not kpis_are_of(workspace.generation, clock.now()):
        take_kpis(workspace)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="keep-words", lock="keep-words", pass_context=False)
def keep_words(timestamp: int) -> None:
    """Let what is searched have the words that the rows have, where the data changed."""
    generation = freshness.generation()
    if searched_generation() != generation:
        searching.keep_words(generation, clock.now())


@app.periodic(cron="41 4 * * *")
@app.task(queueing_lock="keep-all-words", lock="keep-words", pass_context=False)
def keep_all_words(timestamp: int) -> None:
    """The same of all rows, and forget the words of those that are gone."""
    searching.keep_words(freshness.generation(), clock.now(), whole=True)


@app.task(name=rollups.credits.TASK, lock=rollups.credits.TASK, pass_context=False, retry=3)
def tell_journeys() -> None:
    """Tell the journeys that are due, and write the credit that they change."""
    with session.unhurried():
        rollups.tell()


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="keep-journeys", pass_context=False)
def keep_journeys(timestamp: int) -> None:
    """Have what is due told where a load could not ask for it."""
    rollups.ready()


def take_kpis(workspace: Workspace) -> int:
    """Keep every figure as it is now; how many there are."""
    figures = list(kpis.taken(BOOKS, workspace))
    days.keep_kpis(taken=figures, generation=workspace.generation, at=clock.now())
    return len(figures)


@app.periodic(cron="23 4 * * *")
@app.task(queueing_lock="forget-old-uploads", lock="forget-old-uploads", pass_context=False)
def forget_old_uploads(timestamp: int) -> None:
    """Delete files that were sent so long ago that they are not to be kept any more."""
    uploads.forget_old(clock.now())


@app.periodic(cron="29 4 * * *")
@app.task(queueing_lock="forget-old-files", lock="forget-old-files", pass_context=False)
def forget_old_files(timestamp: int) -> None:
    """Delete made files whose time is over."""
    files.forget_old(clock.now())


@app.periodic(cron="37 4 * * *")
@app.task(queueing_lock="forget-old-answers", pass_context=False)
def forget_old_answers(timestamp: int) -> None:
    """Forget what programs were answered under keys of theirs more than a day ago."""
    programs.forget_old(clock.now())


@app.periodic(cron="2-59/5 * * * *")
@app.task(name=subscriptions.TASK, queueing_lock=subscriptions.TASK, pass_context=False)
def send_subscriptions(timestamp: int = 0) -> None:
    """Mail the pages and reports that are due, each mail once."""
    from insights.reports.making import produce

    subscriptions.send_due(produce, SECONDS, clock.now())


@app.task(name=files.TASK, pass_context=False)
def make_file(file_id: int) -> None:
    """Make a file that somebody asked for."""
    from insights.reports.making import produce  # the typesetter is large, and needed here alone

    files.make(file_id, produce)


@app.task(name=uploads.TASK, queue=uploads.QUEUE)
def work_on_upload(upload_id: int, attempt: int) -> None:
    """Check, import or undo a file that somebody sent."""
    uploads.work(upload_id, attempt, DATASETS)


@app.periodic(cron=sync.CRON)
@app.task(queueing_lock="ask-for-syncs", pass_context=False)
def ask_for_syncs(timestamp: int) -> None:
    """Have each source synced whose time it is."""
    for source in SOURCES:
        if sync.is_connected(source.name) and sync.is_due(source.name):
            sync.start(source.name)


@app.task(name=sync.TASK, queue=sync.QUEUE)
def sync_source(source: str, run_id: str) -> None:
    """Do a sync that was asked for; where another one goes on, that one is as good."""
    try:
        with sync.giving_way():
            sync.run(source_named(source), DATASETS, run_id=UUID(run_id))
    except sync.BusyError as error:
        sync.give_up(UUID(run_id), str(error))


@app.task(name=sync.NOTES_TASK, queue=sync.QUEUE)
def sync_notes(source: str, deal_id: str) -> None:
    """Fetch the notes of a deal that somebody looks at."""
    sync.fetch_notes(source_named(source), DATASETS, deal_id)


@app.task(name=connecting.TASK, queue=sync.QUEUE)
def try_source(trial_id: int) -> None:
    """Look at a source before anything of it is loaded."""
    connecting.work(trial_id, SOURCES, DATASETS)


@app.task(name=connecting.REMAP, queue=sync.QUEUE)
def remap_source(source: str) -> None:
    """Have all records mapped anew, since their words mean something else now."""
    sync.remap(source)
    if sync.is_connected(source):
        sync.start(source)


@app.task(name=connecting.HINT_TASK, queue=sync.QUEUE)
def sync_hinted(source: str, entity: str) -> None:
    """Read what a source said had changed, unless it was disconnected since."""
    if sync.is_connected(source):
        sync.start(source, syncs.together(source_named(source), entity))


def watch(app: App) -> None:
    """Let workers keep what each job came to; called once the queue knows its tasks."""
    wrapped = app.worker_defaults.get("worker_middleware", [])
    app.worker_defaults["worker_middleware"] = [*wrapped, _keep_outcome]


async def _keep_outcome(call_next: AsyncCallNext, context: JobContext, worker: Worker) -> Any:
    began = time.monotonic()
    try:
        done = await call_next()
    except Exception as error:
        await sync_to_async(_keep)(context.job, time.monotonic() - began, error)
        raise
    await sync_to_async(_keep)(context.job, time.monotonic() - began, None)
    return done


def _keep(job: Job, seconds: float, error: Exception | None) -> None:
    """In a thread that has no other use for a connection: it opens one and closes it.

    What was done is done, whether it can be counted or not.
    """
    outcome = jobs.FAILED if error else jobs.DONE
    try:
        if error is not None and job.id is not None:
            jobs.keep_failure(job_id=job.id, error=error, at=clock.now())
        jobs.count(task=job.task_name, outcome=outcome, seconds=seconds, at=clock.now())
    except DatabaseError:
        structlog.get_logger("worker").warning("job not counted", task=job.task_name)
    finally:
        connection.close()
