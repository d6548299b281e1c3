"""A form changes what it shows and no more, whatever else is sent along with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import models, transaction
from django.test import Client

from revops_site.kernel.models import User, Workspace
from tests.proof import a_house
from tests.proof.forms import Field, sendings
from tests.proof.looking import pages_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# Where chance or time make each row another one, or that only say that something was asked.
APART = {
    "kernel.AuditEvent",
    "kernel.ApiToken",
    "kernel.AuditSeal",
    "sessions.Session",
    "insights.AskedMinute",
}
PEOPLE = {"kernel.User", "kernel.Rep", "kernel.Team", "kernel.Workspace", "pipeline.Deal"}
FIELDS = sorted(
    {
        one.attname if ends == "_id" else one.name
        for model in apps.get_models()
        for one in model._meta.concrete_fields
        for ends in ("", "_id")
        if not one.primary_key
    }
)
RANDOM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Sending = tuple[str, dict[str, Any], frozenset[str]]
MEANT = {"csrfmiddlewaretoken", "do", "next"}


@pytest.fixture
def mine(
    workspace: Workspace, ana: User, bo: User, cy: User, settings: Any, tmp_path: Path
) -> tuple[Client, list[str]]:
    """Ana's browser in a house of two teams, and her pages that have forms."""
    settings.FILES, settings.UPLOADS = tmp_path / "files", tmp_path / "uploads"
    a_house.load(tmp_path / "house", a_house.OWN, a_house.FOREIGN)
    client = Client()
    client.force_login(ana)
    return client, pages_of(client, 1)


@contextmanager
def undone() -> Iterator[None]:
    """What happens here did not happen."""
    point = transaction.savepoint()
    yield
    transaction.savepoint_rollback(point)
    cache.clear()


def everything() -> dict[str, list[str]]:
    """All rows of all tables, without what differs by itself."""
    return {model._meta.label: rows_of(model) for model in apps.get_models() if keeps(model)}


def keeps(model: type[models.Model]) -> bool:
    """Whether its rows are compared: those of tables that are our own."""
    meta = model._meta
    return meta.managed and not meta.proxy and meta.label not in APART


def rows_of(model: type[models.Model]) -> list[str]:
    """The rows of a table as texts, in an order of their own."""
    names = [one.attname for one in model._meta.concrete_fields if _is_steady(one)]
    found = model._default_manager.order_by().values_list(*names)
    return sorted(str([_plain(value) for value in row]) for row in found)


def _is_steady(one: Any) -> bool:
    if isinstance(one, models.ForeignKey):
        return one.related_model._meta.label in PEOPLE
    return not isinstance(one, models.AutoField | models.BigAutoField | models.UUIDField)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return RANDOM.sub("", value)
    return "a moment" if isinstance(value, datetime | UUID) else value


def text(one: Field) -> str:
    return f"Words {one.name}"


def all_sendings(client: Client, pages: list[str]) -> Iterator[Sending]:
    """Each form of these pages once by its path and deed: what it sends, and all its controls."""
    done = set()
    for page in pages:
        answer: Any = client.get(page)
        for to, sent, shown in sendings(answer.content.decode(), page, text):
            path = urlsplit(to).path
            key = (path, str(sent.get("do", "")))
            if key not in done and not path.startswith("/accounts/logout"):
                done.add(key)
                yield to, sent, shown


def hostile(ana: User, cy: User, shown: frozenset[str]) -> dict[str, str]:
    """A value for every field of every table that the form does not have."""
    given = dict.fromkeys(FIELDS, "1")
    given |= dict.fromkeys((n for n in FIELDS if "user" in n or n.endswith("_by_id")), str(cy.pk))
    given |= {"role": "admin", "is_superuser": "on", "is_staff": "on", "rep": "cy", "rep_id": "cy"}
    given |= {"owner": "cy", "owner_id": "cy", "user": str(cy.pk), "created_by": str(cy.pk)}
    return {name: value for name, value in given.items() if name not in {*shown, *MEANT}}


def test_nothing_that_a_form_does_not_have_is_taken_from_what_is_sent(
    mine: tuple[Client, list[str]], ana: User, cy: User
) -> None:
    client, pages = mine
    found, tried = {}, 0
    for to, sent, shown in list(all_sendings(client, pages)):
        after = []
        for besides in ({}, hostile(ana, cy, shown)):
            with undone():
                client.post(to, {**besides, **sent})
                client.force_login(ana)  # a form may have ended the session
                after.append(everything())
        tried += 1
        plain, odd = after
        more = {name: set(odd[name]) - set(plain[name]) for name in plain}
        if any(more.values()):
            found[to, sent.get("do")] = {name: rows for name, rows in more.items() if rows}
    assert found == {}
    assert tried > 30


def swapped(value: Any, ana: User, cy: User) -> Any:
    """The same of a stranger's, where it names somebody or something."""
    if isinstance(value, str):
        if value in {"ana", str(ana.pk)}:
            return "cy" if value == "ana" else str(cy.pk)
        return value.replace(a_house.OWN.word + "-", a_house.MARK + "-")
    return value


def test_no_form_reaches_a_strangers_rows_by_what_it_sends(
    mine: tuple[Client, list[str]], ana: User, cy: User
) -> None:
    client, pages = mine
    cache.clear()
    mark, tried = a_house.MARK, 0

    def strangers() -> dict[str, list[str]]:
        return {
            name: [row for row in rows if mark in row or "'cy'" in row]
            for name, rows in everything().items()
        }

    before = strangers()
    for to, sent, _ in list(all_sendings(client, pages)):
        other = {name: swapped(value, ana, cy) for name, value in sent.items()}
        where = to.replace(a_house.OWN.word + "-", mark + "-")
        if other == sent and where == to:
            continue
        tried += 1
        with undone():
            answer = client.post(where, other)
            client.force_login(ana)
            now = strangers()
            changed = {n: set(now[n]) ^ set(before[n]) for n in now if now[n] != before[n]}
            assert changed == {}, (where, other, answer.status_code)
    assert tried > 5
