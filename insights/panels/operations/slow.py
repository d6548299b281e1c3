"""What is slow and what failed: pages since the start, statements and faults of two weeks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from insights.panels.data.look import Look, Part, part
from insights.panels.data.tables import Column, Row, number, ordered, table
from insights.queries import operations as read
from revops_site.kernel import health, meters
from revops_site.kernel.fragments.tables import Cell
from revops_site.kernel.meters import Route
from revops_site.kernel.models import Incident

PAGES, STATEMENTS, FAULTS = "ops-pages", "ops-statements", "ops-faults"
MOST_PAGES, MOST_INCIDENTS = 15, 20
SLOW_SECONDS = 1.0
SHOWN_SQL = 240  # letters; the rest is under the pointer, and in the log
GIBIBYTE = 1 << 30
NOT_PAGES = frozenset({"livez", "readyz", "health", "static", "none"})
PAGE_COLUMNS = (
    Column("page", "Address", key=lambda one: one.name),
    Column("answers", "Answers", numeric=True, key=lambda one: one.answers),
    Column("mean", "Mean", numeric=True, key=lambda one: one.mean),
    Column("p95", "95 of 100 within", numeric=True, key=lambda one: one.quantile(0.95)),
    Column("faults", "Faults", numeric=True, key=lambda one: one.faults),
    Column("outages", "Outages", numeric=True, key=lambda one: one.outages),
)
STATEMENT_COLUMNS = (
    Column("at", "When", sorts=False),
    Column("took", "Took", numeric=True, sorts=False),
    Column("route", "Address", sorts=False),
    Column("sql", "Statement, without values", sorts=False),
    Column("request", "Request", sorts=False),
)
FAULT_COLUMNS = (
    Column("at", "When", sorts=False),
    Column("route", "Address", sorts=False),
    Column("what", "What", sorts=False),
    Column("request", "Request", sorts=False),
)


def tiles(look: Look) -> list[dict[str, Any]]:
    """How the service does, in figures."""
    found = _pages()
    answers = sum(one.answers for one in found)
    bad = sum(one.faults + one.outages for one in found)
    share = f"{bad / answers:.2%}" if answers else "—"
    waits = read.queues(look.now)
    waiting = sum(one.waiting for one in waits)
    oldest = max((one.oldest for one in waits if one.waiting), default=0.0)
    opened, active = read.sessions(look.now)
    free = min(health.free_bytes().values()) / GIBIBYTE
    return [
        _tile("Answers that failed", share, f"{bad:,} of {answers:,} since the start."),
        _tile("95 of 100 answers within", _seconds(_together(found)), "Since the start."),
        _tile("Jobs that wait", f"{waiting:,}", f"The oldest for {oldest:,.0f} s."),
        _tile("People at work", f"{active:,}", f"Open sessions: {opened:,}."),
        _tile("Free disk", f"{free:,.1f} GB", "Where the product is and writes."),
    ]


def the_pages(look: Look) -> Part:
    """The addresses whose slowest answers take longest."""
    title, subtitle = "Which pages are slow?", "Since the service was started, of this machine."
    return part(look, PAGES, title, lambda: _slowest(look), subtitle=subtitle)


def the_statements(look: Look) -> Part:
    """The newest statements that took longer than settings say."""
    most = settings.SLOW_STATEMENT_MS
    subtitle = f"Longer than {most:,} ms (SLOW_STATEMENT_MS), of two weeks, the newest first."
    title = "Which questions to the database are slow?"
    return part(look, STATEMENTS, title, lambda: _statements(look), subtitle=subtitle)


def the_faults(look: Look) -> Part:
    """The newest faults."""
    subtitle = "Of two weeks, the newest first. The log has each trace under the request’s id."
    return part(look, FAULTS, "What failed?", lambda: _faults(look), subtitle=subtitle)


def _pages() -> list[Route]:
    return [one for name, one in meters.routes().items() if name not in NOT_PAGES]


def _together(found: Sequence[Route]) -> float:
    both = Route("all", answers=sum(one.answers for one in found))
    for one in found:
        for bound, count in one.within.items():
            both.within[bound] = both.within.get(bound, 0) + count
    return both.quantile(0.95)


def _slowest(look: Look) -> Part:
    found = sorted(_pages(), key=lambda one: -one.quantile(0.95))
    if not found:
        return {"state": "empty", "headline": "Nobody asked for a page since the start."}
    shown = ordered(look, PAGE_COLUMNS, found)[:MOST_PAGES]
    says = f"The {len(shown)} slowest of {len(found)} addresses."
    return {"table": table(look, PAGES, says, PAGE_COLUMNS, [_page(one) for one in shown])}


def _page(one: Route) -> Row:
    slow = one.quantile(0.95) > SLOW_SECONDS
    return [
        Cell(one.name),
        number(one.answers),
        Cell(_seconds(one.mean), numeric=True),
        Cell(_seconds(one.quantile(0.95)), numeric=True, tone="warn" if slow else ""),
        number(one.faults, tone="bad" if one.faults else ""),
        number(one.outages, tone="warn" if one.outages else ""),
    ]


def _statements(look: Look) -> Part:
    if not settings.SLOW_STATEMENT_MS:
        return {
            "state": "empty",
            "headline": "Slow statements are not kept.",
            "why": "SLOW_STATEMENT_MS is 0; set it to a number of milliseconds.",
        }
    found = read.slow_statements(MOST_INCIDENTS)
    if not found:
        return {"state": "empty", "headline": "No statement took that long."}
    says = f"{len(found)} slow statements."
    rows = [_statement(look, one) for one in found]
    return {"table": table(look, STATEMENTS, says, STATEMENT_COLUMNS, rows)}


def _statement(look: Look, one: Incident) -> Row:
    return [
        look.moment(one.at),
        Cell(f"{one.milliseconds:,} ms", numeric=True),
        Cell(one.route),
        Cell(_short(one.text), title=one.text, wraps=True),
        Cell(one.request_id),
    ]


def _short(sql: str) -> str:
    return sql if len(sql) <= SHOWN_SQL else f"{sql[:SHOWN_SQL]} …"


def _faults(look: Look) -> Part:
    found = read.faults(MOST_INCIDENTS)
    if not found:
        return {"state": "empty", "headline": "No fault in two weeks."}
    says = f"{len(found)} faults."
    rows = [
        [look.moment(one.at), Cell(one.route), Cell(one.text, wraps=True), Cell(one.request_id)]
        for one in found
    ]
    return {"table": table(look, FAULTS, says, FAULT_COLUMNS, rows)}


def _seconds(value: float) -> str:
    return f"{value * 1000:,.0f} ms" if value < 1 else f"{value:,.1f} s"


def _tile(label: str, value: str, note: str) -> dict[str, Any]:
    return {"label": label, "value": value, "note": note}
