"""What runs in the background for questions."""

from __future__ import annotations

from procrastinate.contrib.django import app

from insights import catalog
from insights.actions import choosing
from insights.panels import book
from insights.panels.asking.known import Terms
from revops_site.kernel.permissions import NOBODY


@app.task(name=choosing.TASK)
def choose_question(text: str) -> None:
    """Have a model choose what a question asks for; it is told of no person."""
    terms = Terms(book.EXPLAINED, book.PARTED, catalog.PAGES)
    choosing.choose(text, terms.vocabulary(NOBODY))
