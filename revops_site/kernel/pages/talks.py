"""How many comments stand at the panels of a page, as settings know it, beside each panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

from revops_site.kernel.fragments import COMMENTS, Drawn
from revops_site.kernel.pages.printed import Printed
from revops_site.kernel.pages.visits import Visit


def talks(request: HttpRequest, visit: Visit) -> Mapping[str, int]:
    """By panel, under the filters of this look; asked once a page."""
    homes = visit.page.homes.values()
    addresses = {page.address for page in homes} or {visit.page.address}
    found: Mapping[str, int] = import_string(settings.COMMENTS_COUNTED_BY)(
        request.user, addresses, visit.asked.to_query()
    )
    return found


def counted(parts: Sequence[Printed], slugs: Sequence[str], at: Mapping[str, int]) -> list[Printed]:
    """The panels, which were printed for whoever sees the same rows, with this reader's counts."""
    return [
        replace(one, html=SafeString(one.html.replace(f">{COMMENTS}<", f">{_said(at[slug])}<", 1)))
        if at.get(slug)
        else one
        for one, slug in zip(parts, slugs, strict=True)
    ]


def told(drawn: Drawn, at: Mapping[str, int]) -> Drawn:
    """A panel that is drawn alone, with its count."""
    if not at.get(drawn.slug):
        return drawn
    ways = [
        {**way, "label": _said(at[drawn.slug])} if way["label"] == COMMENTS else way
        for way in drawn.exports
    ]
    return replace(drawn, exports=ways)


def _said(count: int) -> str:
    return f"{count:,} {'comment' if count == 1 else 'comments'}"
