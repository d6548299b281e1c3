"""What the worker watches for people: whether figures stand still, and what they want to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procrastinate.contrib.django import app

from insights.actions import alerts, numbers
from insights.catalog import BOOKS, EXPLAINED
from insights.queries import numbers as read
from revops_site.kernel import clock, freshness

if TYPE_CHECKING:
    from revops_site.kernel.models import Workspace

SECONDS = 60.0  # of looks, and of mails, in a row; what is left has its turn later


@app.periodic(cron="8-59/10 * * * *")
@app.task(queueing_lock="check-numbers", lock="check-numbers", pass_context=False)
def check_numbers(timestamp: int) -> None:
    """Tell which figures changed without a load: after each change of data, and every few hours."""
    workspace = freshness.workspace()
    if read.is_due(workspace.generation, clock.now()):
        compare_numbers(workspace)


def compare_numbers(workspace: Workspace) -> numbers.Outcome | None:
    """Compare every figure with the check before; None where data came in meanwhile."""
    found = list(read.readings(BOOKS, workspace))
    if freshness.generation() != workspace.generation:
        return None
    return numbers.keep(readings=found, generation=workspace.generation, at=clock.now())


@app.periodic(cron="4-59/5 * * * *")
@app.task(queueing_lock="look-at-alerts", lock="look-at-alerts", pass_context=False)
def look_at_alerts(timestamp: int = 0) -> None:
    """Look at alerts after each change of data and each day, and mail what is to be told."""
    alerts.look_at_due(EXPLAINED, SECONDS, clock.now())
    alerts.send(SECONDS, clock.now())
