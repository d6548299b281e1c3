"""The forms of pages, read as a browser does, filled in and sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client

SINGLE = {"input", "select", "textarea", "button"}
TYPED = {"text", "search", "textarea", ""}
SUMS = {"limit", "commit", "best_case"}  # numbers that people type as text
GIVEN = {
    "date": "2025-07-03",
    "month": "2025-07",
    "time": "10:00",
    "number": "3",
    "email": "pat@example.com",
    "url": "https://example.com/",
}


@dataclass
class Field:
    """One control: its name, kind, value, and what may be chosen."""

    name: str
    kind: str
    value: str = ""
    longest: int = 0
    is_on: bool = True
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """Where a form is sent to, its controls, and its buttons as name and value."""

    action: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def names(self) -> frozenset[str]:
        """The names of its controls."""
        return frozenset(one.name for one in self.fields)

    def filled(self, word: Callable[[Field], str]) -> dict[str, Any]:
        """What is sent: texts by ``word``, all else as it stands or the first that may be."""
        sent: dict[str, Any] = {}
        for one in self.fields:
            if one.name in SUMS:
                sent[one.name] = "1000"
            elif one.kind in TYPED:
                text = word(one)
                sent[one.name] = text[: one.longest] if one.longest else text
            elif one.kind in {"checkbox", "radio"}:
                if one.is_on:
                    sent[one.name] = one.value or "on"
            elif one.kind == "select":
                sent[one.name] = one.value or next(filter(None, one.options), "")
            elif one.kind == "hidden":
                sent[one.name] = one.value
            elif one.kind in GIVEN:
                sent[one.name] = one.value or GIVEN[one.kind]
        return sent


class Reader(HTMLParser):
    """Finds the forms of a page that are posted."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.loose: list[tuple[str, Field | tuple[str, str]]] = []
        self._form: Form | None = None
        self._area: Field | None = None
        self._select: Field | None = None
        self.feed(page)
        for name, what in self.loose:
            if (form := self.by_id.get(name)) is not None:
                (form.fields if isinstance(what, Field) else form.buttons).append(what)  # type: ignore[arg-type]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in what a form is made of."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""))
            if given.get("method", "get").lower() == "post":
                self.found.append(self._form)
                self.by_id[given.get("id", "")] = self._form
        elif tag == "option" and self._select is not None:
            value = given.get("value", "")
            self._select.options.append(value)
            if "selected" in given:
                self._select.value = value
        elif tag in SINGLE and "disabled" not in given:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "").lower()
        if tag == "button" or kind == "submit":
            self._put(given, (name, given.get("value", "")))
            return
        if not name or kind == "file":
            return
        one = Field(
            name,
            tag if tag in {"select", "textarea"} else kind,
            given.get("value", ""),
            int(given.get("maxlength") or 0),
            kind not in {"checkbox", "radio"} or "checked" in given,
        )
        self._put(given, one)
        self._select = one if tag == "select" else None
        self._area = one if tag == "textarea" else None

    def _put(self, given: dict[str, str], what: Field | tuple[str, str]) -> None:
        if "form" in given:
            self.loose.append((given["form"], what))
        elif self._form is not None:
            (self._form.fields if isinstance(what, Field) else self._form.buttons).append(what)  # type: ignore[arg-type]

    def handle_endtag(self, tag: str) -> None:
        """Leave what ends."""
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        """The text of an area is its value."""
        if self._area is not None:
            self._area.value += data


def forms(page: str) -> list[Form]:
    """The forms of a page that are posted."""
    return Reader(page).found


def sendings(
    page: str, address: str, word: Callable[[Field], str]
) -> Iterator[tuple[str, dict[str, Any], frozenset[str]]]:
    """Each way that the forms of a page can be sent: where to, what, and the form's controls."""
    for form in forms(page):
        to = urljoin(address, form.action or address)
        for name, value in form.buttons or [("", "")]:
            yield to, form.filled(word) | ({name: value} if name else {}), form.names


def fill_in(
    client: Client,
    addresses: list[str],
    word: Callable[[Field], str],
    leave: Callable[[str, Any], bool],
) -> dict[tuple[str, str], int]:
    """Send each form of these pages once; the answers' status by path and deed."""
    done: dict[tuple[str, str], int] = {}
    for address in addresses:
        answer: Any = client.get(address)
        if answer.status_code != 200 or "html" not in answer.headers["Content-Type"]:
            continue
        for to, sent, _ in sendings(answer.content.decode(), address, word):
            key = (urlsplit(to).path, str(sent.get("do", "")))
            if key in done or leave(key[0], sent):
                continue
            done[key] = client.post(to, sent).status_code
    return done
