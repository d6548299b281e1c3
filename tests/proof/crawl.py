"""Every address that somebody can reach: those registered, and those that pages lead to."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.urls import Resolver404, resolve, reverse

from tests.test_access import ROWS

LINK = re.compile(r'(?:href|hx-get|data-src|src)="([^"]+)"')
LEFT = ("/static/", "/admin/", "/accounts/logout")
FRAGMENT = {"HX-Request": "true", "HX-Target": "panels"}
HTML = "text/html"
Look = Callable[[str, Any, bytes], None]


def name_of(path: str) -> str | None:
    """The name of the address, as ``tests.test_access`` has it."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def registered(given: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Each address that answers GET, with its parts as they are declared or ``given`` instead."""
    for name, row in ROWS.items():
        if "GET" in row.people:
            parts = {**row.given}
            for part in parts:
                parts[part] = given.get(part, {}).get(parts[part], parts[part])
            yield reverse(name, kwargs=parts)


def body_of(answer: Any) -> bytes:
    """All bytes of an answer, also where they come bit by bit."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def crawl(client: Client, starts: list[str], look: Look, most: int) -> Counter[str]:
    """Ask for all that these addresses lead to, at most so many of each name; counts by name."""
    seen, asked = set(), Counter[str]()
    waiting = list(dict.fromkeys(starts))
    while waiting:
        address = waiting.pop(0)
        path = urlsplit(address).path
        name = name_of(path)
        if name is None or address in seen or path.startswith(LEFT):
            continue
        seen.add(address)
        if asked[name] >= most:
            continue
        asked[name] += 1
        answer: Any = client.get(address, headers={"Accept-Encoding": "identity"})
        body = body_of(answer)
        look(address, answer, body)
        if answer.headers.get("Content-Type", "").startswith(HTML):
            found = (html.unescape(link) for link in LINK.findall(body.decode()))
            waiting += [link for link in found if link.startswith("/") and link not in seen]
    return asked
