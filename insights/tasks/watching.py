"""What the worker watches for people: whether figures stand still, and what they want to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procrastinate.contrib.django import app

from insights.actions import alerts, numbers, unusual
from insights.actions import rules as settings
from insights.analytics.insight import digest
from insights.panels.book import BOOKS, EXPLAINED
from insights.panels.cards.answered import month_ends
from insights.panels.cards.past import looks
from insights.queries import numbers as read
from insights.queries import rule_settings
from insights.queries.unusual import scanned
from insights.rules import rules
from revops_site.kernel import clock, freshness
from revops_site.kernel.loading import session

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


@app.periodic(cron="9-59/10 * * * *")
@app.task(queueing_lock="keep-rule-months", lock="keep-rule-months", pass_context=False)
def keep_rule_months(timestamp: int = 0) -> None:
    """Keep how often each rule spoke at the last twelve months' ends, of the whole company."""
    workspace, now = freshness.workspace(), clock.now()
    known = rules()
    digests = {rule.id: digest(rule) for rule in known}
    due = rule_settings.stale(month_ends(workspace), digests, workspace.generation, now)
    for day, found in looks(known, due, workspace, SECONDS):
        months = [
            settings.Month(one.rule.id, day, len(one.insights), one.state, digests[one.rule.id])
            for one in found
        ]
        settings.keep_months(months=months, generation=workspace.generation, at=now)


@app.periodic(cron="4-59/5 * * * *")
@app.task(queueing_lock="keep-anomalies", lock="keep-anomalies", pass_context=False)
def keep_anomalies(timestamp: int = 0) -> None:
    """Look for what is unusual where data or day are others than before."""
    workspace = freshness.workspace()
    if not scanned(workspace.generation, freshness.stamp(workspace)):
        with session.unhurried():
            unusual.keep(workspace)
