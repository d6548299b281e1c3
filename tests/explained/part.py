"""One part of the data, as its explanations, its page and its files show it."""

from __future__ import annotations

import csv
import html
import json
import math
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Slice
from revops_site.kernel.fragments.frame import text
from revops_site.kernel.metrics import Metric
from revops_site.kernel.panels import Panel, Shown, Tile, content
from tests.explained.numbers import Numbers, Row

TILE = re.compile(r'<dd class="value num"(?: title="([^"]*)")?>(?:<a href="([^"]*)")?')
CELL = re.compile(r'<a href="(/explain/([\w-]+)/[^"]*)"')
VALUE = re.compile(r'<data value="([^"]*)">([^<]*)</data>')
KEY = re.compile(r' data-key="([^"]*)"')
CELLS = 4  # of a table whose links are followed
TABLES = 2  # of a part that are looked at


class Part:
    """What a reader is shown for one query, to be compared with itself."""

    def __init__(self, numbers: Numbers, query: str, chance: random.Random) -> None:
        self.numbers, self.query, self.chance = numbers, query, chance
        self.case = numbers.case
        self.visit = numbers.reader.visit(self.case.page, query)
        assert not self.visit.asked.notices, f"{self.visit.asked.notices}; {numbers.said}"

    def hold(self, nth: int) -> None:
        """All that there is to compare; what takes whole pages is spread over the parts."""
        answers: dict[str, Row | None] = {}
        for ledger in self.case.ledgers:
            self.numbers.known(ledger, self.visit.slice_)
            self._sql(ledger, answers)
        if self.case.ledgers:
            ledger = self.case.ledgers[nth % len(self.case.ledgers)]
            self._explained(ledger, ledger.metrics[nth // 3 % len(ledger.metrics)])
        for panel in self.case.page.panels:
            if panel.tiles:
                self._tiles(panel)
        panels = self._tables()
        for panel in (panels[nth * TABLES :] + panels * TABLES)[:TABLES] if panels else ():
            self._cells(panel)

    def counts(self) -> Mapping[str, int]:
        """How many rows each ledger lists."""
        slice_ = self.visit.slice_
        return {one.slug: len(self.numbers.known(one, slice_).rows) for one in self.case.ledgers}

    def _sql(self, ledger: Ledger, answers: dict[str, Row | None]) -> None:
        """The text that is shown gives the operands, where it gives one row of them."""
        known = self.numbers.known(ledger, self.visit.slice_)
        sql = _question(ledger, self.visit.slice_)
        if not sql:
            assert not known.rows, f"{ledger.slug}; {self.numbers.said}"
            return
        if sql not in answers:
            answers[sql] = _asked(sql)
        answer = answers[sql]
        for metric in ledger.metrics if answer is not None else ():
            found = self.numbers.measured(ledger, metric, self.visit.slice_)
            for name, value in found.operands.items():
                if answer is not None and name in answer:
                    given = answer[name] if math.isnan(value) else answer[name] or 0
                    self.numbers.same(given, _known(value), f"{name} by SQL")

    def _explained(self, ledger: Ledger, metric: Metric) -> None:
        """The page of a number, and its rows as files."""
        base, tail = f"/explain/{metric.slug}", f"?{self.query}"
        found = self.numbers.measured(ledger, metric, self.visit.slice_)
        plain, written = _plain(self._text(f"{base}/{tail}"))
        self.numbers.same(plain, found.value, f"{metric.slug} explained")
        self._written(written, metric, found.value)
        rows, in_csv = self._json(f"{base}/panels/rows"), self._csv(f"{base}/panels/rows")
        listed = self.numbers.known(ledger, self.visit.slice_).rows
        assert len(rows) == len(in_csv) == len(listed), f"{ledger.slug}; {self.numbers.said}"
        for row, line, one in zip(rows, in_csv, listed, strict=True):
            self._alike(row, line, ledger.slug)
            self._alike(one, row, ledger.slug)

    def _tiles(self, panel: Panel) -> None:
        """A tile, its operands, its explanation and its files are of one number."""
        base = f"{self.case.page.address}panels/{panel.slug}"
        shown = TILE.findall(self._text(f"{base}/?{self.query}"))
        rows, in_csv = self._json(base), self._csv(base)
        slice_ = self.visit.on(panel).slice_
        tiles = content(panel, slice_, self.visit.workspace.generation).tiles
        assert len(shown) == len(rows) == len(in_csv) == len(tiles), self.numbers.said
        for (title, url), row, line, tile in zip(shown, rows, in_csv, tiles, strict=True):
            assert row["field"] == tile.metric.field, self.numbers.said
            self._alike(row, line, panel.slug)
            self.numbers.same(row["value"], tile.now.value, f"the JSON of {tile.metric.slug}")
            self._written(title, tile.metric, tile.now.value)
            self._led(tile, html.unescape(url))
        if followed := [(title, url) for title, url in shown if url]:
            title, url = self.chance.choice(followed)
            assert _plain(self._text(html.unescape(url)))[1] == title, f"{url}; {self.numbers.said}"

    def _led(self, tile: Tile, url: str) -> None:
        """What is explained is what the tile says, and rests on the same operands."""
        if not url:
            assert tile.narrows is None, f"{tile.metric.slug} is not explained; {self.numbers.said}"
            return
        assert url.startswith(f"/explain/{tile.metric.slug}/"), url
        found = self.numbers.behind(url)
        self.numbers.same(tile.now.value, found.value, f"the tile of {url}")
        for name, value in found.operands.items():
            shown = _known(tile.now.operands[name])
            self.numbers.same(shown, _known(value), f"{name} of {url}")

    def _tables(self) -> list[Panel]:
        """The tables in which numbers are explained."""
        return [
            panel
            for panel in self.case.page.panels
            if panel.narrows and any(_slugs(shown) for shown in panel.columns)
        ]

    def _cells(self, panel: Panel) -> None:
        """The links of a table are those of its metrics, and lead to the numbers of its files."""
        base = f"{self.case.page.address}panels/{panel.slug}"
        body = self._text(f"{base}/?{self.query}").partition("<tbody>")[2]
        lines = body.split("<tr")[1:]
        rows, in_csv = self._json(base), self._csv(base)
        assert len(lines) <= len(rows) == len(in_csv), f"{panel.slug}; {self.numbers.said}"
        for row, line in zip(rows, in_csv, strict=True):
            self._alike(row, line, panel.slug)
        found = list(self._linked(panel, lines, rows))
        for url, value in self.chance.sample(found, min(CELLS, len(found))):
            explained = self.numbers.behind(url).value
            self.numbers.same(explained, value, f"{url} of {panel.slug}")

    def _linked(
        self, panel: Panel, lines: Sequence[str], rows: Sequence[Row]
    ) -> Iterator[tuple[str, Any]]:
        """The address of each explained cell with its value."""
        for line, row in zip(lines, rows, strict=False):
            links = [(html.unescape(url), slug) for url, slug in CELL.findall(line)]
            named = KEY.match(line)
            key = html.unescape(named[1]) if named else ""
            expected = [(shown, slug) for shown in panel.columns for slug in _slugs(shown, key)]
            if links:
                assert [slug for _, slug in links] == [slug for _, slug in expected], panel.slug
                for (url, _), (shown, _) in zip(links, expected, strict=True):
                    yield url, row[shown.name]

    def _written(self, printed: str, metric: Metric, value: float | None) -> None:
        """The exact text that people read is of this value."""
        exact = text(value, metric.exact, self.visit.frame)
        assert html.unescape(printed) == exact, f"{metric.slug}; {self.numbers.said}"

    def _alike(self, one: Row, other: Row, what: str) -> None:
        """Two ways to write a row are of the same values."""
        assert list(one) == list(other), what
        for name, value in one.items():
            pair = _bare(value), _bare(other[name])
            if isinstance(pair[0], float) and isinstance(pair[1], float):
                self.numbers.same(*pair, f"{name} of {what}")
            else:
                assert pair[0] == pair[1], f"{name} of {what}; {self.numbers.said}"

    def _text(self, url: str) -> str:
        answer = self.numbers.reader.client.get(url)
        assert answer.status_code == 200, f"{url}; {self.numbers.said}"
        return answer.getvalue().decode()

    def _json(self, base: str) -> list[Row]:
        rows: list[Row] = json.loads(self._text(f"{base}.json?{self.query}"))["rows"]
        return rows

    def _csv(self, base: str) -> list[Row]:
        return list(csv.DictReader(self._text(f"{base}.csv?{self.query}").splitlines()))


def _question(ledger: Ledger, slice_: Slice) -> str:
    """The SQL that gives the operands; "" where none has to be asked."""
    try:
        return ledger.sql(slice_)
    except EmptyResultSet:
        return ""


def _asked(sql: str) -> Row | None:
    """The one row that a question gives; None where there are more, or there is none."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names = [column.name for column in cursor.description or ()]
        answer = cursor.fetchall()
    assert names, "the SQL is a question"
    return dict(zip(names, answer[0], strict=True)) if len(answer) == 1 else None


def _known(operand: float) -> float | None:
    """An operand, None where there is none."""
    return None if math.isnan(operand) else operand


def _plain(page: str) -> tuple[float | None, str]:
    """The value that an explanation explains, None where it is not known; and how it is written."""
    plain, written = VALUE.findall(page)[0]
    return float(plain) if plain else None, written


def _bare(value: Any) -> str | float | None:
    """A value as every file can hold it."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    try:
        return float(value)
    except ValueError:
        return str(value).removeprefix("'")


def _slugs(shown: Shown, key: str | None = None) -> list[str]:
    """The metrics of a column, of one row where a key is given."""
    if isinstance(shown.metric, Mapping):
        return [one.slug for name, one in shown.metric.items() if key in (None, name)]
    return [shown.metric.slug] if shown.metric else []
