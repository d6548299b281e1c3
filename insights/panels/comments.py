"""The talks at a panel as a page, how many comments stand at each, and the news in the inbox."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from insights.queries import comments as kept
from insights.queries.comments import Comment, Thread
from revops_site.kernel import filterform, formats, freshness
from revops_site.kernel.models import User
from revops_site.kernel.pages import asking
from revops_site.kernel.panels import Page, Panel


@dataclass(frozen=True)
class Place:
    """A panel as somebody is shown it at an address; ``query`` holds the filters in one form."""

    page: Page
    panel: Panel
    query: str
    filters: Sequence[str]

    @property
    def back(self) -> str:
        """The panel itself."""
        query = f"?{self.query}" if self.query else ""
        return f"{self.page.address}{query}#panel-{self.panel.slug}"

    @property
    def url(self) -> str:
        """The talks about it."""
        return address(self.page.address, self.panel.slug, self.query)


def address(page: str, slug: str, query: str) -> str:
    """Where the talks at a panel are."""
    at = f"{page}?{query}" if query else page
    return f"{reverse('insights:comments')}?{urlencode({'at': at, 'panel': slug})}"


def place(reader: User, at: str, slug: str) -> Place | None:
    """The panel of the page at an address; None where this person is shown none there."""
    where, _, query = at.partition("?")
    page = asking.page_at(reader, where)
    panel = page.panel(slug) if page else None
    if page is None or panel is None:
        return None
    page = page.homes.get(slug, page)
    visit = asking.visit_of(reader, page, query)
    chips = filterform.chips(visit.asked, page, visit.choices, visit.url)
    window = asking.window(visit) if page.dated else ""
    filters = [window, *(f"{one['label']}: {one['value']}" for one in chips)]
    return Place(page, panel, visit.asked.to_query(), [one for one in filters if one])


def counted(
    reader: User | AnonymousUser, addresses: Collection[str], query: str
) -> Mapping[str, int]:
    """How many comments stand at each panel: what every page of panels asks once."""
    return kept.counts(reader, addresses, query)


def page(
    reader: User, of: Place, reaches: Sequence[Thread.Reach], said: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What ``comments.html`` prints; ``said`` is what could not be done, with what was typed."""
    zone = ZoneInfo(freshness.workspace().time_zone)
    found = [
        _talk(one, reader, zone)
        for one in kept.talks(reader, of.page.address, of.panel.slug, of.query)
    ]
    return {
        "title": "Comments",
        "panel": of.panel.title,
        "page": of.page.title,
        "filters": of.filters,
        "back": of.back,
        "at": f"{of.page.address}?{of.query}" if of.query else of.page.address,
        "slug": of.panel.slug,
        "open": [one for one in found if not one["resolved"]],
        "past": [one for one in found if one["resolved"]],
        "reaches": [(one.value, _whom(one, None)) for one in reaches],
        "problem": "",
        "typed": "",
        "thread_id": None,
        "comment_id": None,
        **(said or {}),
    }


def inbox(reader: User) -> list[dict[str, Any]]:
    """The newest news of talks, unread first to be told from the others by a word."""
    zone = ZoneInfo(freshness.workspace().time_zone)
    rows = kept.news(reader).select_related("comment__author", "comment__thread")
    return [
        {
            "who": str(one.comment.author),
            "text": one.comment.text,
            "is_new": one.seen_at is None,
            "at": _moment(one.comment.written_at, zone),
            "url": _where(one.comment.thread),
        }
        for one in rows[: kept.NEWEST]
    ]


def _where(thread: Thread) -> str:
    return f"{address(thread.address, thread.panel, thread.query)}#talk-{thread.pk}"


def _talk(thread: Thread, reader: User, zone: ZoneInfo) -> dict[str, Any]:
    resolved = ""
    if thread.resolved_at is not None:
        by = f" by {thread.resolved_by}" if thread.resolved_by else ""
        resolved = f"Resolved {_moment(thread.resolved_at, zone)['text']}{by}"
    return {
        "id": thread.pk,
        "readers": _whom(Thread.Reach(thread.reach), thread),
        "resolved": resolved,
        "comments": [_comment(one, reader, zone) for one in thread.comments.all()],
    }


def _comment(one: Comment, reader: User, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": one.pk,
        "who": str(one.author),
        "text": one.text,
        "version": one.version,
        "at": _moment(one.written_at, zone),
        "is_changed": one.changed_at is not None,
        "is_deleted": one.deleted_at is not None,
        "is_own": one.author_id == reader.pk and one.deleted_at is None,
    }


def _whom(reach: Thread.Reach, thread: Thread | None) -> str:
    if reach == Thread.Reach.TEAM:
        team = f"The team {thread.team}" if thread else "My team"
        return f"{team}, and who sees everybody’s rows"
    return str(reach.label)


def _moment(at: datetime, zone: ZoneInfo) -> dict[str, str]:
    local = at.astimezone(zone)
    return {
        "text": f"{formats.show(local.date(), 'date')} {local:%H:%M}",
        "iso": at.isoformat(),
    }
