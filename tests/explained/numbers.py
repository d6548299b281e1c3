"""What explanations say to a reader, each number asked once and recomputed from its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd
import pytest
from django.test import Client, RequestFactory

from insights.panels.book import EXPLAINED
from insights.panels.explain import book
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Measured, Metric, Operands, measure
from revops_site.kernel.models import User
from revops_site.kernel.pages import Visit, look
from revops_site.kernel.panels import Page

Row = Mapping[str, Any]
Recompute = Callable[[Sequence[Row]], Mapping[str, Any]]


@dataclass(frozen=True)
class Case:
    """A page with its ledgers; by ledger, what gives its metrics, by field, from the listed rows.

    There may be more to recompute than the page's own ledgers, where its figures are of others.
    ``since`` is the day from which on a ledger can be known: before, it has no row and no number.
    """

    page: Page
    ledgers: Sequence[Ledger]
    recompute: Mapping[str, Recompute]
    since: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class Reader:
    """Somebody, and the browser in which they are logged in."""

    user: User
    client: Client

    def visit(self, page: Page, query: str) -> Visit:
        """How this reader's look at a page is understood."""
        request = RequestFactory().get(f"/?{query}")
        request.user = self.user
        return look(request, page)


@dataclass(frozen=True)
class Known:
    """The rows that a ledger lists for a slice, and the operands it gives for them."""

    rows: Sequence[Row]
    totals: Operands | pd.DataFrame


class Numbers:
    """The numbers of one reader; whichever is asked for is what its rows make it."""

    def __init__(self, case: Case, reader: Reader) -> None:
        self.case, self.reader, self.said = case, reader, ""
        self._slices: dict[tuple[str, str], Slice] = {}
        self._known: dict[tuple[str, str], Known] = {}

    def known(self, ledger: Ledger, slice_: Slice) -> Known:
        """A ledger for a slice, each of its metrics having been recomputed."""
        key = (ledger.slug, slice_.cache_key)
        if key not in self._known:
            names = [shown.name for shown in ledger.columns]
            listed = ledger.rows(slice_).order_by(*ledger.order)
            self._known[key] = Known(list(listed.values(*names)), ledger.totals(slice_))
            self._recomputed(ledger, self._known[key], _last_day(slice_))
        return self._known[key]

    def measured(self, ledger: Ledger, metric: Metric, slice_: Slice) -> Measured:
        """A metric for a slice."""
        return measure(metric, self.known(ledger, slice_).totals)

    def behind(self, url: str) -> Measured:
        """The number that an explanation's address is of."""
        slug, _, query = url.removeprefix("/explain/").partition("/?")
        page, ledger, metric = EXPLAINED[slug]
        key = (page.slug, query)
        if key not in self._slices:
            visit = self.reader.visit(book(page, ledger, metric), query)
            assert not visit.asked.notices, f"{visit.asked.notices} of {url}; {self.said}"
            self._slices[key] = visit.slice_
        return self.measured(ledger, metric, self._slices[key])

    def same(self, one: Any, other: Any, what: str) -> None:
        """Two ways to one number have to agree to far less than a cent."""
        said = f"{what}: {one} is not {other}; {self.said}"
        if one is None or other is None:
            assert one is other, said
        else:
            assert float(one) == pytest.approx(float(other), rel=1e-9, abs=1e-6), said

    def _recomputed(self, ledger: Ledger, known: Known, day: date) -> None:
        since = self.case.since.get(ledger.slug)
        if since is not None and day < since:
            values = {measure(metric, known.totals).value for metric in ledger.metrics}
            assert values == {None}, f"{ledger.slug} before {since}: {values}; {self.said}"
            assert not known.rows, f"{ledger.slug} before {since}; {self.said}"
            return
        again = self.case.recompute[ledger.slug](known.rows)
        for metric in ledger.metrics:
            value = measure(metric, known.totals).value
            self.same(value, again[metric.field], f"{metric.slug} and its {len(known.rows)} rows")


def _last_day(slice_: Slice) -> date:
    return min(slice_.as_of, slice_.period.last_day) if slice_.period else slice_.as_of
