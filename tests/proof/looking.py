"""What one reader is answered everywhere, twice: beside strangers, and beside other strangers."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.test import Client

from revops_site.kernel import clock
from revops_site.kernel.models import User
from tests.proof import a_house
from tests.proof.crawl import body_of, crawl, registered
from tests.proof.forms import Field, fill_in

Said = tuple[int, bytes]
# What differs from one answer to the next by chance or by the time of day.
CHANCE = re.compile(
    rb"generation\"?[=:] ?\"?\d+|[A-Za-z0-9]{64}|[a-f0-9]{32}|"
    rb'class="(?:qr|secret)".*|YEAR-\d\d-\d\d[T ][0-9:.+]+'.replace(
        b"YEAR", str(clock.today().year).encode()
    )
)
# Addresses that name what only strangers have are asked too, of both.
ASKED = ("owner=cy", f"account={a_house.MARK}-account-0", f"q={a_house.MARK}")
AWAY = {"delete", "end", "close", "discard", "reject", "take back", "taken back"}


def starts() -> list[str]:
    """What a reader's crawl begins with: all addresses, the own rows', and some filters."""
    own = {"a/b": "Own-{}-0", "D1": "Own-{}-0"}
    parts = ("deal", "account", "customer")
    given = {f"{part}_id": {a: f.format(part) for a, f in own.items()} for part in parts}
    given["rep_id"] = {"a/b": "ana"}
    pages = ("/", "/pipeline/", "/pipeline/health/", "/revenue/", "/coaching/", "/insights/")
    filtered = [f"{page}?{query}" for page in pages for query in ASKED]
    found = [f"/api/deals/search?q={a_house.MARK}", f"/palette/?q={a_house.MARK}"]
    return [*registered(given), *filtered, *found]


def write_everywhere(client: Client, addresses: Iterable[str], word: str) -> dict[Any, int]:
    """Fill in whatever form somebody finds, with this word in every text."""

    def text(one: Field) -> str:
        return f"{word} {one.name}"

    def leave(path: str, sent: Any) -> bool:
        return path.startswith("/accounts/") or sent.get("do", "") in AWAY

    return fill_in(client, list(addresses), text, leave)


def pages_of(client: Client, most: int) -> list[str]:
    """Pages with forms that somebody reaches."""
    found = []

    def look(address: str, answer: Any, body: bytes) -> None:
        if answer.status_code == 200 and b'method="post"' in body:
            found.append(address)

    crawl(client, starts(), look, most)
    return found


def differences(
    folder: Path, reader: User, stranger: User, most: int
) -> tuple[dict[str, str], list[str], Counter[str]]:
    """How answers change with what strangers have; that hold it; how many of each name."""
    first: dict[str, Said] = {}
    telling: list[str] = []

    def keep(address: str, answer: Any, body: bytes) -> None:
        first[address] = (answer.status_code, plain(answer, body))
        if tells(address, answer, body):
            telling.append(address)

    with _rolled_back():
        a_house.load(folder / "one", a_house.OWN, a_house.FOREIGN)
        theirs = _signed_in(stranger)
        assert len(write_everywhere(theirs, pages_of(theirs, 1), a_house.MARK)) > 20
        mine = _signed_in(reader)
        counts = crawl(mine, starts(), keep, most)
    changed: dict[str, str] = {}
    with _rolled_back():
        a_house.load(folder / "two", a_house.OWN, a_house.OTHERWISE)
        mine = _signed_in(reader)
        for address, said in first.items():
            answer: Any = mine.get(address, headers={"Accept-Encoding": "identity"})
            now = (answer.status_code, plain(answer, body_of(answer)))
            if now != said:
                changed[address] = f"{said[0]} {now[0]}: {first_difference(said[1], now[1])}"
    return changed, telling, counts


def first_difference(one: bytes, other: bytes) -> str:
    """What two answers say where they part."""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return f"{one[max(0, at - 60) : at + 60]!r} {other[max(0, at - 60) : at + 60]!r}"


def plain(answer: Any, body: bytes) -> bytes:
    """What an answer says, without its random tokens, and packed files unpacked."""
    return CHANCE.sub(b"", unpacked(answer, body))


def unpacked(answer: Any, body: bytes) -> bytes:
    """The text of a workbook's parts; any other body as it is."""
    if not body.startswith(b"PK\x03\x04"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        names = [name for name in book.namelist() if name != "docProps/core.xml"]
        return b"".join(book.read(name) for name in names)


def tells(address: str, answer: Any, body: bytes) -> bool:
    """Whether an answer, its title or a header holds a word of strangers."""
    heads = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    whole = unpacked(answer, body) + heads.encode()
    mark = a_house.MARK.encode().lower()
    if a_house.MARK in address:  # what was asked for may be repeated
        whole = re.sub(rb"(?i)" + mark + rb"(?:-account-0)?(?![-\w ])", b"", whole)
    return mark in whole.lower()


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class _rolled_back:  # noqa: N801 - a context, named as it reads
    """All of it is undone at the end, and forgotten."""

    def __enter__(self) -> None:
        cache.clear()
        self._point = transaction.savepoint()

    def __exit__(self, *_: object) -> None:
        transaction.savepoint_rollback(self._point)
        cache.clear()
