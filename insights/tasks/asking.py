"""What runs in the background with a language model: questions, and summaries in words."""

from __future__ import annotations

from procrastinate.contrib.django import app

from insights import catalog
from insights.actions import choosing, wording
from insights.panels import book
from insights.panels.asking.known import Terms
from revops_site.kernel.permissions import NOBODY


@app.task(name=choosing.TASK)
def choose_question(text: str) -> None:
    """Have a model choose what a question asks for; it is told of no person."""
    terms = Terms(book.EXPLAINED, book.PARTED, catalog.PAGES)
    choosing.choose(text, terms.vocabulary(NOBODY))


@app.task(name=wording.TASK)
def word_summary(sentences: list[str]) -> None:
    """Have a model word the sentences of a summary."""
    wording.word(sentences)
