"""What somebody asked of the Data page: which loads, in which order, which page of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

from revops_site.kernel.filters import Filters
from revops_site.kernel.models import DataLoad

MOST_PAGES = 10**6
MOST_PARTS = 1000


@dataclass(frozen=True)
class Asked:
    """The choices that an address of the Data page makes.

    ``sort`` names a column, ``-name`` for the largest first. ``carried`` is the query of the other
    pages' filters, which are no business of this page and stay in its addresses. ``notices`` says
    what could not be used.
    """

    dataset: str = ""
    kind: str = ""
    refused: bool = False
    sort: str = ""
    page: int = 1
    carried: str = ""
    notices: tuple[str, ...] = ()

    @staticmethod
    def parse(query: str, *, datasets: Collection[str] = (), sorts: Collection[str] = ()) -> Asked:
        """The choices of a raw query string, as far as they are known."""
        try:
            given = parse_qs(query, max_num_fields=MOST_PARTS)
        except ValueError:
            return Asked(notices=("The address has too many parts; showing the default.",))
        last = {name: values[-1] for name, values in given.items()}
        wrong = []

        def known(name: str, choices: Collection[str], instead: str) -> str:
            text = last.get(name, "")
            if not text or text.removeprefix("-" if name == "sort" else "") in choices:
                return text
            noun = {"sort": "Order"}.get(name, name.capitalize())
            wrong.append(f"{noun} “{_printable(text)}” is unknown; {instead}.")
            return ""

        page = last.get("page", "1")
        return Asked(
            dataset=known("dataset", datasets, "showing all"),
            kind=known("kind", DataLoad.Kind.values, "showing all"),
            refused=bool(last.get("refused")),
            sort=known("sort", sorts, "showing the default"),
            page=min(int(page), MOST_PAGES) if page.isascii() and page.isdigit() else 1,
            carried=Filters.parse(query).to_query(),
            notices=tuple(wrong),
        )

    @property
    def narrows(self) -> bool:
        """Whether some loads are left out."""
        return bool(self.dataset or self.kind or self.refused)

    def address(self, url: str, **changes: Any) -> str:
        """The address of these choices, or of others; any change but of the page begins anew."""
        wanted = dataclasses.replace(self, **{"page": 1, **changes}) if changes else self
        parts = {
            "dataset": wanted.dataset,
            "kind": wanted.kind,
            "refused": "1" if wanted.refused else "",
            "sort": wanted.sort,
            "page": str(wanted.page) if wanted.page > 1 else "",
        }
        own = urlencode({name: text for name, text in parts.items() if text})
        query = "&".join(filter(None, (wanted.carried, own)))
        return f"{url}?{query}" if query else url


def _printable(text: str) -> str:
    return "".join(one for one in text[:40] if one.isprintable())
