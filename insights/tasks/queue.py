"""The queue kept in order: what ended long ago forgotten, what a dead worker held taken up."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from insights.actions import jobs
from revops_site.kernel import clock
from revops_site.kernel.entry import letters

KEPT_HOURS = 30 * 24
DEAD_SECONDS = 60  # a worker that lives says so every ten


class UnknownFateError(Exception):
    """A worker died amid what must not be done twice."""


@app.periodic(cron="47 3 * * *")
@app.task(name="insights.tasks.forget_old_jobs", queueing_lock="forget-old-jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Take jobs out of the queue's record that ended a month ago."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_failed=True)
    await sync_to_async(jobs.forget_failures)()


@app.periodic(cron="*/5 * * * *")
@app.task(name="insights.tasks.take_up_stalled", queueing_lock="take-up-stalled", pass_context=True)
async def take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Do again what a worker that died left in the middle: nothing else with its lock would run.

    Where the same waits already, that is done in its place. A letter may have been sent: it is
    told as failed, for whoever asked for it to decide. Uploads and syncs, which hold no lock, are
    looked after by themselves.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_SECONDS):
        if job.task_name in letters.ONCE and job.id is not None:
            lost = UnknownFateError("The worker died amid it; whether the mail went is not known.")
            await sync_to_async(jobs.keep_failure)(job_id=job.id, error=lost, at=clock.now())
            await manager.finish_job(job, Status.FAILED, delete_job=False)
        if job.lock is None:
            continue
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            await manager.finish_job(job, Status.FAILED, delete_job=False)
