"""What every answer carries, how long a session lasts, and what is told while data are away."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from typing import Any, NoReturn

import pytest
from django.db import OperationalError, connection
from django.test import Client, override_settings

from revops_site.kernel import clock
from revops_site.kernel.models import User
from tests.conftest import AsUser

EVERY_ANSWER = (
    "/livez",
    "/accounts/login/",
    "/marketing/",
    "/no-such-page/",
    "/admin/",
    "/static/x",
)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'; manifest-src 'self'"
)
FACTS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", EVERY_ANSWER)
@pytest.mark.parametrize("known", [True, False], ids=["signed in", "stranger"])
def test_every_answer_is_guarded(path: str, known: bool, ana: User, as_user: AsUser) -> None:
    response = (as_user(ana) if known else Client()).get(path)
    for name, value in FACTS.items():
        assert response[name] == value
    assert "no-store" in response["Cache-Control"]
    assert "camera=()" in response["Permissions-Policy"]


def test_a_failure_is_guarded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with override_settings(ROOT_URLCONF="tests.kernel.broken_urls"):
        response = Client(raise_request_exception=False).get("/broken")
    assert response.status_code == 500
    assert response["Content-Security-Policy"] == POLICY
    assert response["X-Request-ID"] in response.content.decode()
    assert "a secret of ours" not in response.content.decode()


@pytest.mark.parametrize("given", ["a-good-id-123", "0123456789abcdef"])
def test_a_sane_request_id_is_kept(given: str) -> None:
    assert Client().get("/livez", headers={"X-Request-ID": given})["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["", "x", "a" * 65, "with blank in it", "semi;colon;in;it", "<b>bold</b>"]
)
def test_any_other_request_id_is_replaced(given: str) -> None:
    told = Client().get("/livez", headers={"X-Request-ID": given})["X-Request-ID"]
    assert told != given
    assert len(told) == 32


@pytest.mark.django_db
def test_the_log_says_who_asked_for_what_but_not_what_they_looked_for(
    ana: User, as_user: AsUser, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "access"):
        as_user(ana).get("/glossary/?q=somebody@example.com")
    event = caplog.records[-1].msg
    assert isinstance(event, dict)
    assert {"GET", "/glossary/", 200, ana.pk} <= set(event.values())
    assert event["request_id"]
    assert "somebody" not in json.dumps(event, default=str)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "BREW"])
@pytest.mark.parametrize("path", ["/livez", "/accounts/login/", "/marketing/"])
def test_a_method_that_nobody_declared_is_refused(method: str, path: str) -> None:
    assert Client().generic(method, path).status_code == 405


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """Hours that are added to the clock."""
    more = [timedelta(0)]
    real = clock.now

    def now() -> datetime:
        return real() + more[0]

    monkeypatch.setattr(clock, "now", now)
    return more


def test_a_session_ends_when_it_is_not_used(
    ana: User, as_user: AsUser, later: list[timedelta]
) -> None:
    client = as_user(ana)
    assert client.get("/glossary/").status_code == 200
    later[0] = timedelta(hours=7)
    assert client.get("/glossary/").status_code == 200
    later[0] = timedelta(hours=14)
    assert client.get("/glossary/").status_code == 200
    later[0] = timedelta(hours=23)
    assert client.get("/glossary/").status_code == 302


def test_a_session_ends_after_a_week_however_much_it_is_used(
    ana: User, as_user: AsUser, later: list[timedelta]
) -> None:
    client = as_user(ana)
    answers = []
    for hours in range(0, 24 * 8, 5):
        later[0] = timedelta(hours=hours)
        answers.append(client.get("/glossary/").status_code)
    assert answers.count(200) == len(range(0, 24 * 7, 5))
    assert answers == sorted(answers)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/%00/", "/reps/%00/", "/pipeline/velocity/%00/0-7/"])
def test_an_address_that_no_text_can_be_is_found_nowhere(
    path: str, dee: User, as_user: AsUser
) -> None:
    assert as_user(dee).get(path).status_code == 404


def gone(*_: Any) -> NoReturn:
    raise OperationalError("connection to server was lost: host=db.internal user=revops")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/marketing/", "/accounts/login/", "/admin/", "/readyz"])
def test_while_the_database_is_away_a_reader_is_told_to_come_back(
    path: str, ana: User, as_user: AsUser
) -> None:
    client = as_user(ana)
    client.raise_request_exception = False
    with connection.execute_wrapper(gone):
        response = client.get(path)
    text = response.content.decode()
    assert response.status_code == 503
    assert "db.internal" not in text
    if path != "/readyz":
        assert response["Retry-After"] == "2"
        assert "back in a moment" in text
        assert response["X-Request-ID"] in text


@pytest.mark.django_db
def test_while_the_database_is_away_a_swap_gets_a_line(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    client.raise_request_exception = False
    with connection.execute_wrapper(gone):
        response = client.get("/marketing/", headers={"HX-Request": "true"})
    assert response.status_code == 503
    assert response.content.decode().count("<") == 2


@pytest.mark.django_db
def test_while_the_database_is_away_the_process_is_alive() -> None:
    with connection.execute_wrapper(gone):
        assert Client().get("/livez").status_code == 200
