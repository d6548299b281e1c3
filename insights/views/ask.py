"""HTTP in, HTML out: a question in plain words, and its answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_safe

from insights import catalog
from insights.actions import choosing as actions
from insights.analytics import asking
from insights.analytics.asking import saying
from insights.panels import asking as shown
from insights.panels import book, palette
from insights.panels.asking import known
from insights.panels.why import Number
from revops_site.kernel import pages
from revops_site.kernel.metrics import Metric
from revops_site.kernel.panels import Page
from revops_site.kernel.permissions import allowed
from revops_site.kernel.queries import sharing

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from revops_site.kernel.models import User

ANSWER, PLAIN = "insights/ask.html", "insights/asked.html"
IN_PALETTE_FROM, MOST_IN_PALETTE = 2, 4
POLLING_IS_OVER = 286
TRIES = 20  # of a page that waits for a model, a second or two apart
TERMS = known.Terms(book.EXPLAINED, book.PARTED, catalog.PAGES)


def vocabulary(user: User | AnonymousUser) -> asking.Vocabulary:
    """What this reader's questions can be about."""
    return TERMS.vocabulary(allowed(user))


def hits(user: User | AnonymousUser) -> Callable[[str], Sequence[palette.Hit]]:
    """The questions that a text in the palette begins or is."""

    def found(text: str) -> Sequence[palette.Hit]:
        if len(text.split()) < IN_PALETTE_FROM:
            return ()
        said = saying.suggestions(text, vocabulary(user))[:MOST_IN_PALETTE]
        return [palette.Hit(one, "", shown.asked(one), "math") for one in said]

    return found


@pages.shows(lambda request: _page(request))
@require_safe
def ask(request: HttpRequest) -> HttpResponseBase:
    """The answer to a question; one that was typed is sent to the address of what it means."""
    with sharing():
        terms = vocabulary(request.user)
        text = shown.typed(request.GET.get("q", ""))
        reading = asking.read(text, terms)
        said = asking.of_query(request.META.get("QUERY_STRING", ""), terms)
        if said is not None and shown.is_paged(said):
            page, number, metrics = _answer(said, text)
            beside = partial(shown.card, said, number, metrics, reading, terms)
            return pages.page(request, ANSWER, page, beside)
        meant = reading.question
        if meant is not None and shown.is_paged(meant):
            query = urlencode({"q": text}, errors="replace")
            return HttpResponseRedirect(f"{shown.URL}?{meant.query()}&{query}")
        chosen = actions.chosen(text, terms) if meant is None else None
        context = shown.plain(text, reading, terms, TERMS.metrics)
        model = shown.modelled(text, chosen, terms)
        return pages.plain(request, PLAIN, {**context, "model": model})


@require_safe
def model(request: HttpRequest) -> HttpResponse:
    """What a language model takes a question for, where the grammar does not read it."""
    with sharing():
        terms = vocabulary(request.user)
        text = shown.typed(request.GET.get("q", ""))
        tried = request.GET.get("tried", "")
        many = int(tried) + 1 if tried.isdecimal() and len(tried) < 4 else 1
        is_read = asking.read(text, terms).question is not None
        chosen = None if is_read else actions.chosen(text, terms)
    found = shown.modelled(text, None if chosen == "waiting" and many > TRIES else chosen, terms)
    context = {"model": {**found, "tried": many}}
    answer = pages.plain(request, "insights/_modelled.html", context)
    if not found["waits"]:
        answer.status_code = POLLING_IS_OVER
    return answer


@require_safe
def panel(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The panel of an answer."""
    return pages.panel(request, _page(request), slug)


@require_safe
def file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """The panel of an answer as a file."""
    return pages.export(request, _page(request), slug, kind)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """How a question that is being typed could go on."""
    with sharing():
        terms = vocabulary(request.user)
    text = shown.typed(request.GET.get("q", ""))
    return pages.plain(request, "insights/_suggestions.html", shown.suggested(text, terms))


def _page(request: HttpRequest) -> Page:
    said = asking.of_query(request.META.get("QUERY_STRING", ""), vocabulary(request.user))
    if said is None or not shown.is_paged(said):
        raise Http404("Nothing is asked.")
    return _answer(said, shown.typed(request.GET.get("q", "")))[0]


def _answer(said: asking.Question, text: str) -> tuple[Page, Number, tuple[Metric, ...]]:
    number = book.number(said.metrics[0])
    if number is None:
        raise Http404("No number is called so.")
    metrics = tuple(TERMS.metrics[one] for one in said.metrics)
    return shown.page(said, number, metrics, text), number, metrics
