"""What is answered: JSON as pages give it, a part of the rows, and where the other parts are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from insights.api.asked import Part
from insights.api.failures import Problem
from revops_site.kernel import pages


def codes(shape: Any, *failures: int, ok: int = 200) -> Mapping[int, Any]:
    """The shape of an answer, and which problems there may be instead."""
    return {ok: shape, **dict.fromkeys(failures, Problem)}


def whole(found: Any, status: int = 200) -> HttpResponse:
    """All of it."""
    return pages.as_json(found, status)


def part(request: HttpRequest, asked: Part, found: Sequence[Any]) -> HttpResponse:
    """The rows of one part of them, as an array."""
    first = (asked.page - 1) * asked.size
    return linked(request, asked, whole(found[first : first + asked.size]), len(found))


def linked(request: HttpRequest, asked: Part, answer: HttpResponse, total: int) -> HttpResponse:
    """An answer that says where the other parts are, and how many rows there are in all."""
    answer["X-Total-Count"] = str(total)
    ways = ", ".join(f'<{url}>; rel="{rel}"' for rel, url in _ways(request, asked, total))
    if ways:
        answer["Link"] = ways
    return answer


def _ways(request: HttpRequest, asked: Part, total: int) -> Iterator[tuple[str, str]]:
    last = max(1, -(-total // asked.size))
    if last == 1 and asked.page == 1:
        return
    wanted = {"first": 1, "prev": min(asked.page - 1, last), "next": asked.page + 1, "last": last}
    for rel, page in wanted.items():
        if 1 <= page <= last:
            query = request.GET.copy()
            query["page"] = str(page)
            yield rel, request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
