"""What the kernel does in the background."""

from __future__ import annotations

from django.core.management import call_command
from procrastinate.contrib.django import app

from revops_site.kernel import rerating


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="forget-old-sessions", pass_context=False)
def forget_old_sessions(timestamp: int) -> None:
    """Delete the sessions that have run out, every night."""
    call_command("clearsessions")


@app.task(name=rerating.TASK, retry=3)
def rerate(currency: str) -> None:
    """Rate all money anew, in this currency where one is given."""
    rerating.rerate(currency)
