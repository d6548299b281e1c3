"""What the demo's mail server was given: the newest ones, and one as it would be read."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from insights.panels.data.look import Look, Part, part
from insights.panels.data.tables import Column, Row, table
from insights.queries import sink
from revops_site.kernel.fragments.tables import Cell

SLUG = "data-mail"
MOST = 50
COLUMNS = (
    Column("mail", "Subject", sorts=False),
    Column("to", "To", sorts=False),
    Column("at", "Came", sorts=False),
)


def the_mail(look: Look) -> Part | None:
    """The messages that came last; None where there is no such server."""
    if not sink.is_kept():
        return None
    return part(
        look,
        SLUG,
        "What was mailed?",
        lambda: _made(look),
        subtitle="The demo has a mail server of its own, which passes nothing on: what it was "
        "given lies here.",
    )


def message(look: Look, name: str) -> dict[str, Any] | None:
    """One of them; None of no such."""
    found = sink.message(name)
    if found is None:
        return None
    return {
        "title": found.subject or "Without a subject",
        "at": look.written(found.at),
        "headers": found.headers,
        "text": found.text,
    }


def _made(look: Look) -> Part:
    rows, count = [_row(look, one) for one in sink.newest(MOST)], sink.count()
    says = f"{count:,} mails came." if count != 1 else "1 mail came."
    if not rows:
        return {"state": "ok", "table": None, "announce": "No mail came yet."}
    return {"table": table(look, SLUG, says, COLUMNS, rows), "announce": says}


def _row(look: Look, one: sink.Kept) -> Row:
    url = reverse("insights:mail", args=[one.name])
    return [
        Cell(one.subject or "Without a subject", href=url),
        Cell(one.to),
        look.moment(one.at),
    ]
