"""HTTP in, HTML out: one channel, one segment, one rep, one account."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.views.decorators.http import require_safe

from insights.panels import drill as shown
from marketing.panels import tabs
from revops_site.kernel import pages
from revops_site.kernel.panels import Page
from revops_site.kernel.permissions import allowed

PAGE = "insights/drill.html"


@pages.shows(lambda request, name: _found(shown.channels.page(name)))
@require_safe
def channel(request: HttpRequest, name: str) -> HttpResponseBase:
    """One channel's page."""
    return pages.page(request, PAGE, _found(shown.channels.page(name)), tabs.beside)


@require_safe
def channel_file(request: HttpRequest, name: str, slug: str, kind: str) -> HttpResponseBase:
    """A part of it as a file."""
    return pages.export(request, _found(shown.channels.page(name)), slug, kind)


@pages.shows(lambda request, code: _found(shown.segments.page(code)))
@require_safe
def segment(request: HttpRequest, code: str) -> HttpResponseBase:
    """One segment's page."""
    return pages.page(request, PAGE, _found(shown.segments.page(code)))


@require_safe
def segment_file(request: HttpRequest, code: str, slug: str, kind: str) -> HttpResponseBase:
    """A part of it as a file."""
    return pages.export(request, _found(shown.segments.page(code)), slug, kind)


@pages.shows(lambda request, rep_id: _rep(request, rep_id))
@require_safe
def rep(request: HttpRequest, rep_id: str) -> HttpResponseBase:
    """One rep's page, for those who may see the rep's deals."""
    beside = partial(shown.reps.beside, rep_id=rep_id, allowed=allowed(request.user))
    return pages.page(request, PAGE, _rep(request, rep_id), beside)


@require_safe
def rep_file(request: HttpRequest, rep_id: str, slug: str, kind: str) -> HttpResponseBase:
    """A part of it as a file."""
    return pages.export(request, _rep(request, rep_id), slug, kind)


@pages.shows(lambda request, account_id: _account(request, account_id))
@require_safe
def account(request: HttpRequest, account_id: str) -> HttpResponseBase:
    """One account's page, for those who may see anything of it."""
    found = _account(request, account_id)
    token = get_token(request)
    facts = partial(shown.accounts.beside, account_id=account_id, by=request.user, token=token)
    return pages.page(request, "insights/account.html", found, facts)


@require_safe
def account_file(request: HttpRequest, account_id: str, slug: str, kind: str) -> HttpResponseBase:
    """A part of it as a file."""
    return pages.export(request, _account(request, account_id), slug, kind)


@pages.shows(lambda request, customer_id: _customer(request, customer_id))
@require_safe
def customer(request: HttpRequest, customer_id: str) -> HttpResponseBase:
    """One customer's page, for those who may see it."""
    found = _customer(request, customer_id)
    facts = partial(
        shown.customers.beside,
        customer_id=customer_id,
        allowed=allowed(request.user),
        by=request.user,
        token=get_token(request),
    )
    return pages.page(request, "insights/account.html", found, facts)


@require_safe
def customer_file(request: HttpRequest, customer_id: str, slug: str, kind: str) -> HttpResponseBase:
    """A part of it as a file."""
    return pages.export(request, _customer(request, customer_id), slug, kind)


def _customer(request: HttpRequest, customer_id: str) -> Page:
    return _found(shown.customers.page(customer_id, allowed(request.user)))


def _rep(request: HttpRequest, rep_id: str) -> Page:
    return _found(shown.reps.page(rep_id, allowed(request.user)))


def _account(request: HttpRequest, account_id: str) -> Page:
    return _found(shown.accounts.page(account_id, allowed(request.user)))


def _found(page: Page | None) -> Page:
    if page is None:
        raise Http404("There is no such page, or it is not yours to see.")
    return page
