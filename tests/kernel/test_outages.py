"""While something that answers need is away: 503, in the form that was asked for."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any, NoReturn

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client, override_settings
from procrastinate.exceptions import ConnectorException

from revops_site.guarded import patience
from revops_site.kernel import errors
from revops_site.kernel.models import User
from tests.conftest import AsUser

URLS = "tests.kernel.away_urls"


def full(*_: Any) -> NoReturn:
    raise OperationalError("could not extend file") from psycopg.errors.DiskFull("no space")


def gone(*_: Any) -> NoReturn:
    raise OperationalError("server closed the connection unexpectedly")


def on_writes(fail: Callable[..., NoReturn]) -> Callable[..., Any]:
    """A database that can be read, and fails at what changes it."""

    def wrapper(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            fail()
        return execute(sql, *rest)

    return wrapper


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("queue", "back in a moment"),
        ("broken-transaction", "back in a moment"),
        ("template", "back in a moment"),
        ("full-disk", "Nothing can be stored"),
        ("full-database", "Nothing can be stored"),
        ("late", "took too long"),
        ("swallowed", "back in a moment"),
    ],
)
def test_whatever_fails_for_want_of_the_database_is_told_as_an_outage(
    path: str, title: str
) -> None:
    with override_settings(ROOT_URLCONF=URLS):
        response = Client(raise_request_exception=False).get(f"/{path}")
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert title in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["queue", "full-disk", "late"])
def test_a_program_gets_a_problem_and_a_swap_a_line(path: str, dee: User, as_user: AsUser) -> None:
    client = as_user(dee)
    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF=URLS):
        told = client.get(f"/api/{path}")
        line = client.get(f"/{path}", headers={"HX-Request": "true"})
    assert told.status_code == line.status_code == 503
    assert told["Content-Type"] == "application/problem+json"
    assert told.json()["status"] == 503
    assert line.content.decode().count("<") == 2
    assert told["Retry-After"] == line["Retry-After"]


def test_a_fault_of_ours_stays_one() -> None:
    assert errors.outage_of(ValueError("x")) == (None, "")
    assert errors.outage_of(OSError(errno.ENOENT, "no such file")) == (None, "")
    assert errors.outage_of(ConnectorException())[0] is errors.AWAY


@pytest.mark.django_db
def test_where_nothing_can_be_written_pages_are_read(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    client.raise_request_exception = False
    assert client.get("/glossary/").status_code == 200
    session = client.session
    session["used"] -= 1000  # so that the use of the session would be noted
    session.save()
    with connection.execute_wrapper(on_writes(full)):
        assert client.get("/glossary/").status_code == 200
        assert client.get("/glossary/").status_code == 200
        written = client.post("/views/pipeline/", {"name": "mine", "query": "period=90d"})
        assert written.status_code == 503
    assert client.get("/glossary/").status_code == 200


@pytest.mark.django_db
def test_an_export_begins_only_when_its_first_rows_are_there(
    pipeline_deals: None, dee: User, as_user: AsUser
) -> None:
    client = as_user(dee)
    client.raise_request_exception = False

    def fail(execute: Any, sql: str, *rest: Any) -> Any:
        if "pipeline_deal" in sql:
            gone()
        return execute(sql, *rest)

    for kind in ("csv", "json", "xlsx"):
        with connection.execute_wrapper(fail):
            assert client.get(f"/pipeline/panels/deals.{kind}").status_code == 503


def test_without_a_limit_nothing_is_limited() -> None:
    assert not patience.is_limited(), "only what serves pages has no patience"
