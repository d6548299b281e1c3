"""What a widget of a published contract holds, as JSON with exactly the contract's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import orjson
from django.http import HttpRequest, HttpResponse

from revops_site.kernel.filters import Slice
from revops_site.kernel.pages.visits import look
from revops_site.kernel.panels import Page
from revops_site.kernel.queries import sharing

Row: TypeAlias = dict[str, Any]


def widget(
    request: HttpRequest, shown: Page, give: Callable[[Slice], Row | list[Row]]
) -> HttpResponse:
    """One row, or a list of them, of what this reader may see under the page's filters.

    Days and moments are texts in ISO form; what is not known is null.
    """
    with sharing():
        found = give(look(request, shown).slice_)
    options = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_INDENT_2
    return HttpResponse(orjson.dumps(found, option=options), content_type="application/json")
