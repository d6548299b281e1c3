"""Pipedrive's listings: which there are, how each is asked for, how it goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from pipeline.sources.pipedrive import documents
from pipeline.sources.pipedrive.client import Answer, Client, TooLargeError
from revops_site.kernel.sources import Account, Page, Raw, Record, Settings, TransientError

LARGEST, SMALLEST = 500, 5
AT_ONCE = 100  # ids
NOTES_AT_ONCE = 50  # of up to 100 KB each
V2 = "/api/v2"
V1 = "/api/v1"
# Each pass of an entity: the path, and what is asked of it.
LISTS: dict[tuple[str, str], tuple[str, dict[str, str]]] = {
    ("pipelines", "live"): (f"{V2}/pipelines", {}),
    ("stages", "live"): (f"{V2}/stages", {}),
    ("deal_fields", "live"): (f"{V2}/dealFields", {}),
    ("organizations", "live"): (f"{V2}/organizations", {}),
    ("persons", "live"): (f"{V2}/persons", {}),
    ("activities", "live"): (f"{V2}/activities", {}),
    ("deals", "live"): (f"{V2}/deals", {}),
    ("deals", "archived"): (f"{V2}/deals/archived", {}),
    ("deals", "deleted"): (f"{V2}/deals", {"status": "deleted"}),
    ("deals", "archived and deleted"): (f"{V2}/deals/archived", {"status": "deleted"}),
}
DEAL_PASSES = tuple(part for entity, part in LISTS if entity == "deals")
HAVE_IDS = ("organizations", "persons", "activities", "deals")
UNSORTED = ("deal_fields",)


class Reader:
    """A line to one company's Pipedrive."""

    def __init__(self, settings: Settings) -> None:
        self._client = Client(settings.base_url, settings.token)
        self._limit = LARGEST

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *args: object) -> None:
        self._client.close()

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self._client.requests

    def check(self) -> Account:
        """Whose token it is, and what time it is there."""
        answer = self._client.get(f"{V1}/users/me")
        me = answer.document.get("data")
        me = me if isinstance(me, dict) else {}
        company, domain = me.get("company_name"), me.get("company_domain")
        return Account(str(company or ""), str(domain or ""), answer.at)

    def page(self, entity: str, part: str, since: datetime | None, cursor: str | None) -> Page:
        """A page of a listing, as large as it may be."""
        if entity == "users":
            answer = self._client.get(f"{V1}/users", fits=_is_list)
            return Page(_Records(answer), None, answer.at)
        path, asked = LISTS[entity, part]
        query = dict(asked)
        if since is not None:
            query["updated_since"] = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if entity not in UNSORTED:
            query |= {"sort_by": "id" if since is None else "update_time", "sort_direction": "asc"}
        if cursor is not None:
            query["cursor"] = cursor
        answer = self._large(path, query)
        return Page(_Records(answer), _next(answer), answer.at)

    def get(self, entity: str, ids: Sequence[str]) -> Iterator[Record]:
        """Those of these records that there are."""
        if entity not in HAVE_IDS:
            return
        for start in range(0, len(ids), AT_ONCE):
            some = ",".join(ids[start : start + AT_ONCE])
            for path, asked in (LISTS[key] for key in LISTS if key[0] == entity):
                yield from _Records(self._large(path, {**asked, "ids": some}))

    def notes(self, deal_id: str) -> Iterator[Record]:
        """All notes of a deal."""
        start = 0
        while True:
            query = {"deal_id": deal_id, "start": str(start), "limit": str(NOTES_AT_ONCE)}
            answer = self._client.get(f"{V1}/notes", query | {"sort": "id ASC"}, _is_old_list)
            yield from _Records(answer)
            further = _paging(answer).get("next_start")
            if not _paging(answer).get("more_items_in_collection") or not isinstance(further, int):
                return
            if further <= start:
                raise TransientError("Pipedrive’s list of notes does not go on.")
            start = further

    def moves(self, deal_id: str) -> Iterator[Raw]:
        """The changes of a deal's fields, newest first."""
        cursor: str | None = None
        while True:
            query = {"limit": str(LARGEST)} | ({"cursor": cursor} if cursor else {})
            answer = self._client.get(f"{V1}/deals/{deal_id}/changelog", query, _is_old_list)
            yield from answer.document["data"] or ()
            further = _next(answer)
            if further is None or further == cursor:
                return
            cursor = further

    def _large(self, path: str, query: dict[str, str]) -> Answer:
        """A page, half as long where it is too large to be taken in at once."""
        while True:
            try:
                return self._client.get(path, {**query, "limit": str(self._limit)}, _goes_on)
            except TooLargeError:
                if self._limit <= SMALLEST:
                    raise
                self._limit = max(SMALLEST, self._limit // 2)


class _Records(Sequence[Record]):
    """An answer's records, made by whoever takes them while the next page is asked for already."""

    def __init__(self, answer: Answer) -> None:
        self._raws: list[Raw] = answer.document["data"] or []

    def __len__(self) -> int:
        return len(self._raws)

    def __getitem__(self, at: Any) -> Any:
        some = self._raws[at]
        return [*map(documents.record, some)] if isinstance(at, slice) else documents.record(some)

    def __iter__(self) -> Iterator[Record]:
        return map(documents.record, self._raws)


def _is_list(document: Raw) -> bool:
    """Whether all of a list is there; one that is missing is no empty one."""
    data = document.get("data")
    return isinstance(data, list) and all(isinstance(one, dict) for one in data)


def _is_old_list(document: Raw) -> bool:
    """As ``_is_list``, of the old version, whose empty lists are null."""
    return document.get("data", 0) is None or _is_list(document)


def _goes_on(document: Raw) -> bool:
    """Whether a list says how it goes on, or that it does not."""
    more = document.get("additional_data")
    return _is_list(document) and isinstance(more, dict) and "next_cursor" in more


def _next(answer: Answer) -> str | None:
    more = answer.document.get("additional_data")
    cursor = more.get("next_cursor") if isinstance(more, dict) else None
    return cursor if isinstance(cursor, str) and cursor else None


def _paging(answer: Answer) -> Raw:
    more = answer.document.get("additional_data")
    more = more if isinstance(more, dict) else {}
    found = more.get("pagination", more)
    return found if isinstance(found, dict) else {}
