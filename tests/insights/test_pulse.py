"""The question whether new data landed: cheap to ask, and no use of a session."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from revops_site.kernel import clock, freshness
from revops_site.kernel.models import User
from tests import marketing_days as marketing
from tests.conftest import AsUser


def test_nothing_is_said_while_nothing_changed_and_the_number_once_it_did(
    ana: User, as_user: AsUser, marketing_days: None, tmp_path: Path
) -> None:
    client = as_user(ana)
    seen = freshness.generation()
    answer = client.get(f"/pulse/?seen={seen}")
    assert (answer.status_code, answer.content) == (204, b"")
    marketing.load(tmp_path, marketing.ROWS[:3])
    assert client.get(f"/pulse/?seen={seen}").json() == {"generation": freshness.generation()}


@pytest.mark.parametrize("query", ["", "?seen=", "?seen=soon", "?seen=-1"])
def test_who_says_nothing_sensible_is_told_the_number(
    ana: User, as_user: AsUser, query: str, marketing_days: None
) -> None:
    assert as_user(ana).get(f"/pulse/{query}").json() == {"generation": freshness.generation()}


def test_a_page_tells_of_which_data_it_is(ana: User, as_user: AsUser, marketing_days: None) -> None:
    client, mark = as_user(ana), f'data-generation="{freshness.generation()}"'
    for page, count in (("/marketing/", 2), ("/glossary/", 1)):
        assert client.get(page).content.decode().count(mark) == count


def test_asking_costs_one_query_beside_knowing_who_asks_and_writes_nothing(
    ana: User, as_user: AsUser, marketing_days: None
) -> None:
    client = as_user(ana)
    client.get("/pulse/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(f"/pulse/?seen={freshness.generation()}")
    of_tables = [query["sql"] for query in asked if "kernel_workspace" in query["sql"]]
    assert len(of_tables) == 2  # one of them is this test's own
    assert all(query["sql"].startswith("SELECT") for query in asked)
    assert len(asked) <= 4


def test_a_page_left_open_does_not_keep_somebody_signed_in(
    ana: User, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    later, real = [timedelta()], clock.now

    def now() -> datetime:
        return real() + later[0]

    monkeypatch.setattr(clock, "now", now)
    client = as_user(ana)
    assert client.get("/glossary/").status_code == 200
    for minutes in range(0, 8 * 60, 20):
        later[0] = timedelta(minutes=minutes)
        assert client.get("/pulse/").status_code == 200
    later[0] = timedelta(hours=8, minutes=1)
    ended = client.get("/pulse/", headers={"HX-Request": "true"})
    assert ended["HX-Redirect"].startswith("/accounts/login/")


def test_asking_leaves_the_session_as_it_was(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    client.get("/glossary/")
    before = Session.objects.values_list("session_data", "expire_date").get()
    for _ in range(3):
        client.get("/pulse/")
    assert Session.objects.values_list("session_data", "expire_date").get() == before


def test_nobody_in_particular_is_told_nothing(db: None) -> None:
    assert Client().get("/pulse/").status_code == 302
