"""What the logs say: enough to find a fault by its request's id, and nothing that is private."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog
from django.core import mail
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from revops_site import logs
from revops_site.kernel.models import Account, User
from tests.conftest import PASSWORD, AsUser
from tests.kernel.test_accounts import deliver
from tests.kernel.test_second_factor import set_up

CANARY = "canary-7f3e"


def broken(request: HttpRequest) -> HttpResponse:
    """Fails as pages fail: with the values of rows in what the database says."""
    with connection.cursor() as cursor:
        if "number" in request.path:
            cursor.execute("SELECT %s::text::integer", [f"{CANARY} a note"])
        cursor.execute(
            "INSERT INTO kernel_account SELECT * FROM kernel_account WHERE account_id = %s", ["a"]
        )
    return HttpResponse()


handler500 = "revops_site.kernel.errors.server_error"
urlpatterns = [path("broken/number/", broken), path("broken/", broken)]


@pytest.fixture
def written() -> Iterator[StringIO]:
    """All that is logged, as production writes it."""
    stream = StringIO()
    logs.configure(level="INFO", readable=False)
    root = logging.getLogger()
    kept = root.handlers[:]
    handler = next(one for one in kept if isinstance(one, logging.StreamHandler))
    handler.setStream(stream)
    yield stream
    structlog.reset_defaults()
    logs.configure(level="INFO", readable=True)


def test_the_logs_of_a_day_hold_no_password_token_cookie_link_or_note(
    written: StringIO, ana: User, as_user: AsUser
) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": f"{CANARY}@example.com", "password": CANARY})
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    cookie = client.cookies["sessionid"].value
    secret, codes = set_up(client)
    made = client.post("/accounts/profile/", {"name": "bi", "scope": "read", "days": "30"})
    token = re.search(r"revops_[A-Za-z0-9_-]{20,}", made.content.decode())
    assert token
    Client().get("/api/panels/", headers={"Authorization": f"Bearer {token[0]}"})
    Client().post("/accounts/password/reset/", {"email": "ana@example.com"})
    deliver()
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert link
    Client().get(link[1])
    client.get(f"/glossary/?q={CANARY}")
    client.post("/pipeline/deals/none/", {"note": CANARY})
    client.get(f"/accounts/invitation/{token[0]}/")
    said = written.getvalue()
    lines = [json.loads(line) for line in said.splitlines()]
    assert len([line for line in lines if line["event"] == "request"]) >= 9
    assert all(line["request_id"] for line in lines if line["event"] == "request")
    key = link[1].rstrip("/").rpartition("/")[2]
    for private in (CANARY, PASSWORD, cookie, secret, token[0], key, *codes, "ana@example.com"):
        assert private not in said


@pytest.mark.parametrize("where", ["/broken/", "/broken/number/"])
def test_a_fault_is_told_with_its_trace_and_without_the_values_of_rows(
    written: StringIO, where: str, ana: User
) -> None:
    Account.objects.create(account_id="a", name=CANARY)
    client = Client(raise_request_exception=False)
    client.force_login(ana)
    with override_settings(ROOT_URLCONF=__name__):
        answer = client.get(where)
    told = [json.loads(line) for line in written.getvalue().splitlines()]
    fault = next(line for line in told if line["event"] == "failed")
    assert "in broken" in fault["exception"]
    assert fault["request_id"] == answer["X-Request-ID"]
    assert CANARY not in written.getvalue()
    assert "(account_id)=(a)" not in written.getvalue()
