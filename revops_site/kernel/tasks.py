"""What the kernel does in the background."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from procrastinate.contrib.django import app

from revops_site.kernel import backups, clock, incidents, rerating
from revops_site.kernel.auditing import chain
from revops_site.kernel.backups import alarms
from revops_site.kernel.backups.records import sound
from revops_site.kernel.entry import invitations, letters, open_sessions


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="forget-old-sessions", pass_context=False)
def forget_old_sessions(timestamp: int) -> None:
    """Delete sessions and invitations that have run out, and old incidents, every night."""
    call_command("clearsessions")
    open_sessions.forget_ended()
    invitations.forget_old(clock.now())
    incidents.forget(clock.now())


@app.periodic(cron="27 3 * * *")
@app.task(queueing_lock="forget-old-audit", lock="seal-audit", pass_context=False)
def forget_old_audit(timestamp: int) -> None:
    """Link what came late, and delete the rows that are older than the log is kept, every night."""
    chain.seal(thoroughly=True)
    if settings.AUDIT_KEPT_DAYS:
        chain.forget(clock.now() - timedelta(days=settings.AUDIT_KEPT_DAYS))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="seal-audit", lock="seal-audit", pass_context=False)
def seal_audit(timestamp: int) -> None:
    """Link the rows that were added to the audit log, every minute."""
    chain.seal()


@app.periodic(cron="7 2 * * *")
@app.task(queueing_lock="back-up", lock="back-up", pass_context=False)
def back_up(timestamp: int) -> None:
    """Make a backup every night, restore it, compare it, and forget old ones."""
    if settings.BACKUP_KEY:
        backups.run(verified=True, by_schedule=True)


@app.periodic(cron="37 * * * *")
@app.task(queueing_lock="watch-backups", pass_context=False)
def watch_backups(timestamp: int) -> None:
    """Say each hour that no backup of the last night is good, where none is; mail it once."""
    now = clock.now()
    sound(now)
    alarms.tell(now)


@app.task(name=rerating.TASK, retry=3)
def rerate(currency: str) -> None:
    """Rate all money anew, in this currency where one is given."""
    rerating.rerate(currency)


@app.task(name=letters.POST)
def post_letter(sealed: str) -> None:
    """Send a mail that lets somebody in."""
    letters.post(sealed)


@app.task(name=letters.RESET)
def post_reset(sealed: str) -> None:
    """Send the link to a new password to whoever has the address."""
    letters.post_reset(sealed)


@app.task(name=letters.ALARM, queue=alarms.QUEUE, retry=alarms.RETRY)
def post_alarm(sealed: str) -> None:
    """Tell an admin how backups stand."""
    alarms.post(sealed)
