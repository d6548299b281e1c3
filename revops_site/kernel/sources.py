"""What an outside system must be able to do so that the sync can read it, whichever it is.

A source gives records as it has them, page by page, and says what they mean as rows of our
datasets; the sync does all the rest: it keeps the records, remembers how far it read, finds what
is gone, and loads the rows by the way of files.

For a further system, write a ``Source``:

* ids are texts (HubSpot's are texts, Salesforce's have 18 characters);
* an ``Entity`` is read in ``passes``, one listing after another, which together show every record:
  Pipedrive's live, deleted and archived deals; HubSpot's list with and without ``archived``;
  Salesforce's one ``queryAll``;
* ``since`` None is everything, by a listing without a cap (HubSpot's search ends at 10,000);
  otherwise all that changed at or after it, oldest change first, so that what changes meanwhile
  comes again at the end;
* a page's ``cursor`` reads on where the page ends, also in another process. Where the system has
  none, make one of the last record's moment and id (many may share a moment);
* ``Page.at`` is the system's own clock as of the page, never ours;
* a listing that does not end properly raises, it never ends early: what a whole reading does not
  show is taken for deleted;
* ``rows`` knows the mapping: statuses, stages, money, owners. Every field but the id may be null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, Protocol, TypeAlias

Raw: TypeAlias = Mapping[str, Any]
Row: TypeAlias = Mapping[str, str | None]


class SourceError(Exception):
    """A source could not be read; the text is a sentence for those who sell."""

    is_of_all: ClassVar[bool] = False  # whether nothing else of the source can be read either


class AuthError(SourceError):
    """The token is refused: nothing can be read until somebody enters another one."""

    is_of_all = True


class AccountError(SourceError):
    """The company's account is closed or may not be read: its administrator has to act."""

    is_of_all = True


class AddressError(SourceError):
    """The source's address may not be asked: it is set wrongly, or not allowed."""

    is_of_all = True


class ForbiddenError(SourceError):
    """The token's user may not read this one kind of record."""


class QuotaExhaustedError(SourceError):
    """All that may be asked today was asked; ``until`` is when there is more, if it is known."""

    is_of_all = True

    def __init__(self, says: str, until: datetime | None = None) -> None:
        super().__init__(says)
        self.until = until


class RateLimitedError(SourceError):
    """Too much was asked at once; ``seconds`` is how long to wait, if the source says so."""

    def __init__(self, says: str, seconds: float | None = None) -> None:
        super().__init__(says)
        self.seconds = seconds


class TransientError(SourceError):
    """The network or the source failed for now; the same may do in a moment."""


class BadDataError(SourceError):
    """The source gave what cannot be read or asked, now as later."""


class BadCursorError(BadDataError):
    """The source does not go on from where it said it would: the listing is read anew."""


class Account(NamedTuple):
    """Who is asked: the company's name, its short name in addresses, the source's clock."""

    company: str
    domain: str
    at: datetime


@dataclass(frozen=True)
class Entity:
    """A kind of record. ``passes`` are the listings that show all of it together.

    ``datasets`` are those that its rows are of. ``is_daily`` marks what hardly ever changes: it is
    read once a day, and when another record names one that is not known. ``names`` maps a field to
    the entity that it names by id, and ``repeats`` are those of them whose words the rows repeat:
    where they change, what names them is mapped anew. ``can_ask_changes`` is whether a listing can
    be limited to what changed. What ``follows`` another entity is asked for by record, where that
    moved; what is lazy by record, when somebody looks at it.
    """

    name: str
    label: str
    datasets: tuple[str, ...] = ()
    passes: tuple[str, ...] = ("live",)
    is_daily: bool = False
    can_ask_changes: bool = True
    names: Mapping[str, str] = field(default_factory=dict)
    repeats: tuple[str, ...] = ()
    follows: str = ""
    is_lazy: bool = False


@dataclass(frozen=True)
class Record:
    """One record as the source has it; ``updated_at`` is when it was last changed there."""

    external_id: str
    raw: bytes
    updated_at: datetime | None = None
    is_deleted: bool = False
    is_archived: bool = False


@dataclass(frozen=True)
class Page:
    """Some records, how the listing goes on (None: it ended well), and the source's clock."""

    records: Sequence[Record]
    cursor: str | None
    at: datetime


class Kept(NamedTuple):
    """A stored record: its id, its fields, and whether it is there no more, or put away."""

    external_id: str
    raw: Raw
    is_deleted: bool
    is_archived: bool


class Given(NamedTuple):
    """A row for a dataset, as texts by column; columns that it lacks stay as they are stored."""

    dataset: str
    row: Row


class Gone(NamedTuple):
    """Rows of a dataset to take out: those whose ``column`` has this value, apart from one.

    That is the one whose ``kept`` column has the second value. ``is_ours`` spares rows that came
    by another way than a sync.
    """

    dataset: str
    column: str
    value: str
    kept: tuple[str, str] = ("", "")
    is_ours: bool = False


# An entity, ids, and names of fields → these fields of its records by id, of those that are kept.
Lookup: TypeAlias = Callable[[str, Sequence[str], Sequence[str]], Mapping[str, Raw]]


@dataclass(frozen=True)
class Settings:
    """What a source is set to: where it is, the token (opened), what its words mean here."""

    source: str
    base_url: str = ""
    token: str = field(default="", repr=False)
    currency: str = ""
    mapping: Mapping[str, Any] = field(default_factory=dict)


class Reader(Protocol):
    """An open line to a source; use it as a context."""

    @property
    def requests(self) -> int:
        """How many requests were sent."""

    def __enter__(self) -> Reader: ...

    def __exit__(self, *args: object) -> None: ...

    def check(self) -> Account:
        """Who answers; a SourceError where nothing could be read."""

    def page(self, entity: str, part: str, since: datetime | None, cursor: str | None) -> Page:
        """The page of a pass that begins at ``cursor``; None is the first one."""

    def get(self, entity: str, ids: Sequence[str]) -> Iterator[Record]:
        """Those of these records that there are, in whatever pass."""

    def notes(self, deal_id: str) -> Iterator[Record]:
        """The notes of a deal."""

    def moves(self, deal_id: str) -> Iterator[Raw]:
        """What was changed in a deal, oldest first."""


class Source(Protocol):
    """A system that can be read: its records, and what they mean here."""

    name: str
    label: str
    entities: tuple[Entity, ...]

    def reader(self, settings: Settings) -> Reader:
        """A line to the system, not yet asked anything."""

    def rows(
        self, entity: str, records: Sequence[Kept], lookup: Lookup, settings: Settings
    ) -> Iterator[Given | Gone]:
        """What records mean as rows of datasets."""

    def moved_at(self, record: Kept) -> datetime | None:
        """When what ``follows`` the record was last added to."""
