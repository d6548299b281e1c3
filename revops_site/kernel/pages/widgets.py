"""What a widget of a published contract holds, as JSON with exactly the contract's names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlencode

import orjson
from django.http import HttpRequest, HttpResponse

from revops_site.kernel.filters import DIMENSIONS, Slice
from revops_site.kernel.pages.visits import Visit, look
from revops_site.kernel.panels import Page
from revops_site.kernel.queries import sharing

Row: TypeAlias = dict[str, Any]
Words: TypeAlias = Mapping[str, Mapping[str, str]]
Gives: TypeAlias = Callable[[Slice], Row | list[Row]]
EVERYTHING = "All"
QUARTER = re.compile(r"(Q[1-4]) ([0-9]{4})")
OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_INDENT_2


class AskedError(Exception):
    """What was asked cannot be told; ``errors`` says why, in sentences."""

    def __init__(self, errors: Sequence[str]) -> None:
        super().__init__(" ".join(errors))
        self.errors = [*errors]


def widget(request: HttpRequest, shown: Page, give: Gives, words: Words) -> HttpResponse:
    """What ``reckoned`` gives as JSON; what cannot be told is 400, with ``errors`` in sentences."""
    try:
        return as_json(reckoned(request, shown, give, words))
    except AskedError as why:
        return as_json({"errors": why.errors}, status=400)


def reckoned(
    request: HttpRequest, shown: Page, give: Gives, words: Words, query: str | None = None
) -> Row | list[Row]:
    """One row, or a list of them, of what this reader may see under the page's filters.

    Days and moments are texts in ISO form; what is not known is null. ``words`` are those of the
    contract by filter, contract's → product's. A program is not told of something else than it
    asked for: AskedError of a filter that cannot be used. Of a quarter that is over, every widget
    tells as at its end. ``query`` stands for the request's own.
    """
    asked = request.META.get("QUERY_STRING", "") if query is None else query
    with sharing():
        visit = look(request, replace(shown, quarterly=True), _translated(asked, words))
        errors = [*visit.asked.notices, *_too_early(visit, shown)]
        if errors:
            raise AskedError(errors)
        return give(visit.slice_)


def _too_early(visit: Visit, shown: Page) -> list[str]:
    """Why a page that tells of a day cannot tell of the asked quarter: it has not begun by then."""
    if shown.quarterly or visit.slice_.quarter.start <= visit.slice_.as_of:
        return []
    return [f"The quarter {visit.asked.quarter} has not begun: nothing of it can be told."]


def _translated(query: str, words: Words) -> str:
    """The query with the product's words in place of the contract's, and no filter for ``All``."""
    try:
        given = parse_qsl(query, keep_blank_values=True, max_num_fields=1000)
    except ValueError:
        return query  # too many parts: whoever reads it says so
    return urlencode(
        [
            (name, _word(name, value, words))
            for name, value in given
            if value != EVERYTHING or name not in (*DIMENSIONS, "quarter")
        ]
    )


def _word(name: str, value: str, words: Words) -> str:
    called = QUARTER.fullmatch(value) if name == "quarter" else None
    return f"{called[2]}{called[1]}" if called else words.get(name, {}).get(value, value)


def as_json(found: Any, status: int = 200) -> HttpResponse:
    """Rows, dates and dataclasses as a program reads them."""
    body = orjson.dumps(found, option=OPTIONS)
    return HttpResponse(body, content_type="application/json", status=status)
