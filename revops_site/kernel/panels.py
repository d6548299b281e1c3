"""A panel: which query feeds which sum feeds which chart; and the one way to draw it."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from revops_site.kernel import charts, formats, fx
from revops_site.kernel.filters import Slice
from revops_site.kernel.freshness import remembered
from revops_site.kernel.fx import STALE_AFTER_DAYS, Span
from revops_site.kernel.metrics import Measured, Metric
from revops_site.kernel.periods import Period

if TYPE_CHECKING:
    from revops_site.kernel.listings import Listing


@dataclass(frozen=True)
class Shown:
    """A column of a panel's table: the frame's name for it, what people read, how it is printed.

    ``tone`` maps a text of this column to ``good``, ``bad`` or ``warn``; ``meter`` draws a bar in
    the cell, full at the column's largest value; ``drill`` names the filter that a click sets;
    ``words`` says a code of the file in the words of the page. ``metric`` is what the number is:
    its cell leads to the explanation, narrowed by the row; by the text of the first column where
    each row is a number of its own. ``link`` is an address with fields of the row, such as
    ``/accounts/{account_id}/``; a row in which one is empty has no link. ``heat`` tints the cell,
    deepest at the largest value of all such columns; ``below`` names the column of the frame that
    stands in small beneath it, as money. ``filed``: in files alone. ``steps`` is the slug of the
    table itself where the page that it links to steps through the table's rows. ``within`` are the
    changes of the filters that narrow to what the column is of, beside those of the row: a cell of
    a cross table is of both. ``depth`` tints the cell by its value alone, in steps of ``heat``; it
    is empty for the unknown, and ``marks`` names the column of the frame that holds which patterns
    it bears (``open``, ``few``, set apart by spaces), said in its ``words``. ``to`` names the
    column of the frame with the whole address, of ours, that its cell leads to, empty where it
    leads nowhere. ``shows`` names the column that holds the format of each value, where the rows of
    a long table are of several kinds. ``prose`` lets sentences run over several lines.
    """

    name: str
    label: str
    show: str = "text"
    help: str = ""
    meter: bool = False
    tone: Mapping[str, str] = field(default_factory=dict)
    drill: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    metric: Metric | Mapping[str, Metric] | None = None
    link: str = ""
    heat: bool = False
    below: str = ""
    filed: bool = False
    steps: str = ""
    within: Mapping[str, Any] = field(default_factory=dict)
    depth: Callable[[float], int] | None = None
    marks: str = ""
    to: str = ""
    shows: str = ""
    prose: bool = False

    @functools.cached_property
    def numeric(self) -> bool:
        """Stands at the right edge, in figures of equal width."""
        return self.show not in {"text", "told"}


@dataclass(frozen=True)
class Tile:
    """A headline figure: now, before, and the weeks that led to it, or what ``unit`` names.

    ``low`` and ``high`` are the ends of its 95 % interval, ``n`` how many it rests on; ``note``
    says what else has to be known to read it. ``narrows`` are the changes of the page's filters
    where the figure is of another part of the data than the page, None where no filter says it.
    ``base`` says what the change is measured against, where that is not what the page compares;
    ``against`` the days of that, where they are known.
    """

    metric: Metric
    now: Measured
    before: float | None
    change: float | None
    weeks: Sequence[float | None]
    low: float | None = None
    high: float | None = None
    n: int | None = None
    note: str = ""
    narrows: Mapping[str, Any] | None = field(default_factory=dict)
    unit: str = "weeks"
    base: str = ""
    against: Period | None = None


@dataclass(frozen=True)
class Panel:
    """One widget. ``frame`` gives the numbers; ``figure`` draws them; ``columns`` tables them.

    ``dimensions`` are the filters its data know; a filter it does not know is reported as not
    applied. ``note`` may add sentences about what the numbers leave out. ``tiles`` makes it a row
    of headline figures, of which ``tile_frame`` is the table. ``narrows`` turns a row, by column
    of the frame, into the changes of the filters that narrow to what the row sums, None where no
    filter can say it. The frame's column ``key``, else its first, is what a mark of the figure
    that stands for the row is labelled. ``about`` says what a panel is of beside the slice, such as
    the account whose deals it lists; ``nothing`` what is said where no row can be expected, ""
    of a slice whose filters alone can be why; ``datasets`` whose last day it is as of, where that
    is not the page's. ``contract`` is the address of its published JSON, where it has one. ``most``
    rows stand on the page, whatever the files hold.
    """

    slug: str
    title: str
    question: str
    frame: Callable[[Slice], pd.DataFrame]
    columns: tuple[Shown, ...]
    dimensions: Collection[str]
    figure: Callable[[pd.DataFrame], charts.Figure] | None = None
    tiles: Callable[[Slice], Sequence[Tile]] | None = None
    note: Callable[[Slice], Sequence[str]] | None = None
    width: str = "col-6"
    height: str = ""
    sort: str = ""
    unit: str = ""
    narrows: Callable[[Mapping[str, Any]], Mapping[str, Any] | None] | None = None
    about: str = ""
    nothing: str | Callable[[Slice], str] = ""
    datasets: tuple[str, ...] = ()
    contract: str = ""
    most: int = 60  # a year of weeks; whoever wants more of them wants a file

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        """The columns in files and the API, in order."""
        return tuple(shown.name for shown in self.columns)

    @functools.cached_property
    def tabled(self) -> tuple[Shown, ...]:
        """The columns of the table on the page, in order."""
        return tuple(shown for shown in self.columns if not shown.filed)


@dataclass(frozen=True)
class Page:
    """A page of panels over some datasets.

    ``choices`` gives, per filter the page knows, the values it can be set to at a generation of
    the data; ``default_period`` is what the page shows where the URL names no period; ``limits``
    the limits that its lists begin at where the URL names none. ``options`` are the words that one
    can choose among, such as a model, value → label, the default first. ``listings`` are its long
    tables, which share the URL's search, order and page.

    ``url`` is its address where that is not its slug's; ``always`` what it is narrowed to whatever
    was asked, such as the channel that it is the page of. One that is not ``dated`` is about the
    newest day: it has its default period and compares it with the one before, whatever the URL
    names. A ``quarterly`` one is of a fiscal quarter that can be chosen; one that compares nothing
    is not ``compared``. ``own`` is what its address says beside filters, kept by all its links.
    ``homes`` are the pages that its panels are borrowed from, by slug: there it is said which days
    a panel is of where nobody asks for others.
    """

    slug: str
    title: str
    panels: tuple[Panel, ...]
    datasets: tuple[str, ...]
    dimensions: Collection[str]
    choices: Callable[[int], Mapping[str, Sequence[str] | Mapping[str, str]]]
    default_period: str
    limits: Mapping[str, int] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    listings: tuple[Listing, ...] = ()
    url: str = ""
    always: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dated: bool = True
    quarterly: bool = False
    compared: bool = True
    own: tuple[tuple[str, str], ...] = ()
    homes: Mapping[str, Page] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where it is, without a query."""
        return self.url or f"/{self.slug}/"

    @property
    def fixed(self) -> Mapping[str, Any]:
        """What it is about, whatever was asked."""
        newest = {} if self.dated else {"period": None}
        compared = {} if self.dated and self.compared else {"compare": "previous"}
        running = {} if self.quarterly else {"quarter": None}
        return {**newest, **compared, **running, **self.always}

    def panel(self, slug: str) -> Panel | None:
        """The panel of that slug, if the page has it."""
        return next((panel for panel in self.panels if panel.slug == slug), None)

    def listing(self, slug: str) -> Listing | None:
        """The listing of that slug, if the page has it."""
        return next((listing for listing in self.listings if listing.slug == slug), None)


@dataclass(frozen=True)
class Content:
    """What a panel holds for one slice, before it is formatted."""

    frame: pd.DataFrame
    figure: str
    tiles: Sequence[Tile]
    notes: Sequence[str]
    nothing: str = ""

    @property
    def is_empty(self) -> bool:
        """No row at all."""
        return self.frame.empty


def aged(slice_: Slice, spans: Iterable[Span]) -> list[str]:
    """Says of which currencies money is converted at a rate of more than a week before."""
    return [
        f"{code} is converted at a rate of {formats.show(dated, 'date')}, "
        f"more than {STALE_AFTER_DAYS} days older than the money."
        for code, dated in fx.aged(tuple(spans), slice_.currency).items()
    ]


TILE_COLUMNS = (
    Shown("metric", "Figure"),
    Shown("field", "Field"),
    Shown("value", "Value", "decimal"),
    Shown("previous", "Compared period", "decimal"),
    Shown("change", "Change", "decimal"),
)


def tile_frame(tiles: Sequence[Tile]) -> pd.DataFrame:
    """Headline figures as rows: ``TILE_COLUMNS``, empty where there are none; counts are whole."""
    rows = [
        (
            tile.metric.label,
            tile.metric.field,
            _written(tile.metric, tile.now.value),
            _written(tile.metric, tile.before),
            _written(None, tile.change),
        )
        for tile in tiles
    ]
    return pd.DataFrame(rows, columns=[shown.name for shown in TILE_COLUMNS], dtype="object")


def _written(metric: Metric | None, value: float | None) -> float | int | None:
    """A figure for a file, without the noise beyond a double's 15 digits."""
    if value is None:
        return None
    return int(value) if metric and metric.exact == "integer" else float(f"{value:.15g}")


def content(panel: Panel, slice_: Slice, generation: int) -> Content:
    """The panel's content for a slice, from the cache where the data have not changed since."""
    about = hashlib.blake2s(panel.about.encode(), digest_size=12).hexdigest() if panel.about else ""
    key = f"panel:{panel.slug}:{about}:{slice_.cache_key}:{generation}"
    return remembered(key, lambda: _made(panel, slice_))


def ordered(panel: Panel, frame: pd.DataFrame, sort: str) -> pd.DataFrame:
    """The frame sorted by a column of the panel, ``-name`` for descending; else as it came.

    Empty values stay last; rows that tie keep the panel's own order.
    """
    name = sort.removeprefix("-")
    if name not in panel.names:
        return frame
    return frame.sort_values(
        name, ascending=not sort.startswith("-"), kind="stable", na_position="last"
    )


def table(panel: Panel, slice_: Slice, sort: str = "") -> pd.DataFrame:
    """Exactly the rows and columns that the panel's table and files show."""
    return ordered(panel, panel.frame(slice_), sort)[list(panel.names)]


def _made(panel: Panel, slice_: Slice) -> Content:
    tiles = panel.tiles(slice_) if panel.tiles else ()
    frame = tile_frame(tiles) if panel.tiles else panel.frame(slice_)
    drawn = panel.figure(frame) if panel.figure and not frame.empty else None
    return Content(
        frame=frame,
        figure=charts.to_json(drawn) if drawn is not None else "",
        tiles=tiles,
        notes=panel.note(slice_) if panel.note else (),
        nothing=_nothing(panel, slice_) if frame.empty else "",
    )


def _nothing(panel: Panel, slice_: Slice) -> str:
    return panel.nothing(slice_) if callable(panel.nothing) else panel.nothing
