"""What a widget of a published contract holds, as JSON with exactly the contract's names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
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
EVERYTHING = "All"
QUARTER = re.compile(r"(Q[1-4]) ([0-9]{4})")
OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_INDENT_2


def widget(
    request: HttpRequest,
    shown: Page,
    give: Callable[[Slice], Row | list[Row]],
    words: Words,
) -> HttpResponse:
    """One row, or a list of them, of what this reader may see under the page's filters.

    Days and moments are texts in ISO form; what is not known is null. ``words`` are those of the
    contract by filter, contract's → product's. A program is not told of something else than it
    asked for: a filter that cannot be used is answered by 400, with ``errors`` in sentences. Of a
    quarter that is over, every widget tells as at its end.
    """
    with sharing():
        query = _translated(request.META.get("QUERY_STRING", ""), words)
        visit = look(request, replace(shown, quarterly=True), query)
        errors = [*visit.asked.notices, *_too_early(visit, shown)]
        if errors:
            return as_json({"errors": errors}, status=400)
        return as_json(give(visit.slice_))


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
