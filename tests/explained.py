"""Holds that a number is one number: what its rows make it, in every place that it is written.

An app's test gives a ``Case`` and plain Python that recomputes the ledger's metrics from the rows
that an explanation lists. ``hold`` asks for many random parts of the loaded data and compares.
"""

from __future__ import annotations

import csv
import html
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from insights.panels.explain import book
from revops_site.kernel.explain import Ledger, explain
from revops_site.kernel.filters import COMPARISONS, PERIODS, Filters
from revops_site.kernel.metrics import Metric
from revops_site.kernel.pages import Visit, look
from revops_site.kernel.panels import Page, Panel, Shown

Row = Mapping[str, Any]
TILE = re.compile(r'title="([^"]*)"><a href="(/explain/([\w-]+)/[^"]*)"')
CELL = re.compile(r'<a href="(/explain/([\w-]+)/[^"]*)"')
VALUE = re.compile(r'<data value="([^"]*)">([^<]*)</data>')
KEY = re.compile(r' data-key="([^"]*)"')
CELLS = 3  # of a table whose links are followed


@dataclass(frozen=True)
class Case:
    """A ledger of a page, and what recomputes its metrics, by field, from the listed rows.

    ``since`` is the day from which on they can be known: before it there is neither row nor number.
    """

    page: Page
    ledger: Ledger
    recompute: Callable[[Sequence[Row]], Mapping[str, Any]]
    since: date | None = None


def hold(case: Case, client: Client, *, seed: int, count: int = 50) -> None:
    """Every metric of the ledger, for ``count`` random filters of real values."""
    chance = random.Random(seed)
    start = _looked(case, client, "period=all")
    found = [_Part(case, client, _asked(start, chance), chance) for _ in range(count)]
    for nth, part in enumerate(found):
        part.hold(nth)
    assert sum(bool(part.rows) for part in found) > count / 4, "too many parts have no rows"


def _looked(case: Case, client: Client, query: str) -> Visit:
    """How the reader's filters are understood by an explanation."""
    metric = case.ledger.metrics[0]
    answer = client.get(f"/explain/{metric.slug}/?{query}")
    assert answer.status_code == 200
    return look(answer.wsgi_request, book(case.page, case.ledger, metric))


def _asked(start: Visit, chance: random.Random) -> str:
    """A random question about the data that there are."""
    first, last = start.fresh.first_day, start.fresh.last_day
    assert first is not None
    assert last is not None
    days = sorted(first + timedelta(chance.randint(0, (last - first).days)) for _ in range(2))
    period = chance.choice([*PERIODS, *["all", "custom"] * 3])
    chosen = {
        name: tuple(chance.sample(list(values), min(len(values), chance.choice([1, 1, 2, 3]))))
        for name, values in start.choices.items()
        if values and chance.random() < 0.25
    }
    return (
        Filters(
            period=period,
            start=days[0] if period == "custom" else None,
            end=days[1] if period == "custom" else None,
            compare=chance.choice(list(COMPARISONS)),  # type: ignore[arg-type]
            as_of=days[1] if chance.random() < 0.2 else None,
        )
        .replace(**chosen)
        .to_query()
    )


class _Part:
    """One part of the data, as its explanations, its page and its files show it."""

    def __init__(self, case: Case, client: Client, query: str, chance: random.Random) -> None:
        self.case, self.client, self.query, self.chance = case, client, query, chance
        visit = _looked(case, client, query)
        assert not visit.asked.notices, visit.asked.notices
        self.slice_ = visit.slice_
        names = [shown.name for shown in case.ledger.columns]
        listed = case.ledger.rows(self.slice_).order_by(*case.ledger.order)
        self.rows: list[Row] = list(listed.values(*names))
        self.values = {
            metric.slug: explain(case.ledger, metric, self.slice_).measured.value
            for metric in case.ledger.metrics
        }

    def hold(self, nth: int) -> None:
        """All that there is to compare; what takes a request is spread over the parts."""
        metrics, panels = self.case.ledger.metrics, self._panels()
        self._rows()
        self._sql(metrics[nth % len(metrics)])
        self._explained(metrics[nth % len(metrics)])
        for panel in self.case.page.panels:
            if panel.tiles:
                self._tiles(panel)
        if panels:
            self._cells(panels[nth % len(panels)])

    def _same(self, one: Any, other: Any, what: str) -> None:
        said = f"{what} for {self.query!r}: {one} is not {other}"
        if one is None or other is None:
            assert one is other, said
        else:
            assert float(one) == pytest.approx(float(other), rel=1e-9, abs=1e-6), said

    def _rows(self) -> None:
        if self._is_unknown():
            assert not self.rows
            assert set(self.values.values()) == {None}
            return
        again = self.case.recompute(self.rows)
        for metric in self.case.ledger.metrics:
            self._same(self.values[metric.slug], again[metric.field], f"{metric.slug} by rows")

    def _is_unknown(self) -> bool:
        day = self.slice_.as_of
        if self.slice_.period is not None:
            day = min(day, self.slice_.period.last_day)
        return self.case.since is not None and day < self.case.since

    def _sql(self, metric: Metric) -> None:
        """The text that is shown gives the operands, where it gives one row of them."""
        found = explain(self.case.ledger, metric, self.slice_)
        if not found.sql:
            assert not self.rows
            return
        with connection.cursor() as cursor:
            cursor.execute(found.sql)
            names = [column.name for column in cursor.description or ()]
            answer = cursor.fetchall()
        assert names, "the SQL is a question"
        if len(answer) == 1:
            for name, value in found.measured.operands.items():
                if name in names:
                    self._same(answer[0][names.index(name)] or 0, value, f"{name} by SQL")

    def _explained(self, metric: Metric) -> None:
        text = self._text(f"/explain/{metric.slug}/?{self.query}")
        self._same(_plain(text), self.values[metric.slug], f"{metric.slug} explained")
        listed = json.loads(self._text(f"/explain/{metric.slug}/panels/rows.json?{self.query}"))
        assert len(listed["rows"]) == len(self.rows)

    def _tiles(self, panel: Panel) -> None:
        """A tile, its explanation and its files; a tile of another part of the data is its own."""
        base = f"/{self.case.page.slug}/panels/{panel.slug}"
        whole = {
            html.unescape(match[2]): match[1]
            for match in TILE.finditer(self._text(f"{base}/?{self.query}"))
        }
        if not whole:
            return
        by_field = {row["field"]: row["value"] for row in self._json(base)}
        in_csv = {row["field"]: row["value"] for row in self._csv(base)}
        own = {metric.field: metric for metric in self.case.ledger.metrics}
        here = Filters.parse(self.query)
        for url in whole:
            slug, _, asked = url.removeprefix("/explain/").partition("/?")
            metric = next((one for one in own.values() if one.slug == slug), None)
            period = here.period or self.case.page.default_period
            if metric is None or Filters.parse(asked) != here.replace(period=period):
                continue
            self._same(by_field[metric.field], self.values[slug], f"the JSON of {slug}")
            self._same(in_csv[metric.field] or None, self.values[slug], f"the CSV of {slug}")
        url, shown = self.chance.choice(sorted(whole.items()))
        assert VALUE.findall(self._text(url))[0][1] == html.unescape(shown), url

    def _panels(self) -> list[Panel]:
        """The tables in which numbers of this ledger stand."""
        slugs = set(self.values)
        return [
            panel
            for panel in self.case.page.panels
            if panel.narrows and any(slugs & set(_slugs(shown)) for shown in panel.columns)
        ]

    def _cells(self, panel: Panel) -> None:
        """The links of a table are those of its metrics, and some of them lead to its numbers."""
        base = f"/{self.case.page.slug}/panels/{panel.slug}"
        body = self._text(f"{base}/?{self.query}").partition("<tbody>")[2]
        lines = body.split("<tr")[1:]
        rows, in_csv = self._json(base), self._csv(base)
        assert len(lines) <= len(rows)
        found = list(self._linked(panel, lines, rows, in_csv))
        for url, value, written in self.chance.sample(found, min(CELLS, len(found))):
            plain = _plain(self._text(url))
            self._same(plain, value, f"{url} of {panel.slug}")
            self._same(plain, written or None, f"{url} in the CSV of {panel.slug}")

    def _linked(
        self, panel: Panel, lines: Sequence[str], rows: Sequence[Row], in_csv: Sequence[Row]
    ) -> Iterator[tuple[str, Any, Any]]:
        """The address of each explained cell with its value, in JSON and in CSV."""
        for line, row, written in zip(lines, rows, in_csv, strict=False):
            links = [(html.unescape(url), slug) for url, slug in CELL.findall(line)]
            named = KEY.match(line)
            key = html.unescape(named[1]) if named else ""
            expected = [(shown, slug) for shown in panel.columns for slug in _slugs(shown, key)]
            if links:
                assert [slug for _, slug in links] == [slug for _, slug in expected], panel.slug
                for (url, _), (shown, _) in zip(links, expected, strict=True):
                    yield url, row[shown.name], written[shown.name]

    def _text(self, url: str) -> str:
        answer = self.client.get(url)
        assert answer.status_code == 200, url
        return answer.getvalue().decode()

    def _json(self, base: str) -> list[Row]:
        rows: list[Row] = json.loads(self._text(f"{base}.json?{self.query}"))["rows"]
        return rows

    def _csv(self, base: str) -> list[Row]:
        return list(csv.DictReader(self._text(f"{base}.csv?{self.query}").splitlines()))


def _plain(text: str) -> float | None:
    """The value that an explanation explains, None where it is not known."""
    plain = VALUE.findall(text)[0][0]
    return float(plain) if plain else None


def _slugs(shown: Shown, key: str | None = None) -> list[str]:
    """The metrics of a column, of one row where a key is given."""
    if isinstance(shown.metric, Mapping):
        return [one.slug for name, one in shown.metric.items() if key in (None, name)]
    return [shown.metric.slug] if shown.metric else []
