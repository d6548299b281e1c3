"""Whoever is refused something leaves a row, and however often they try, no more than a few."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from revops_site.kernel import clock, tokens
from revops_site.kernel.auditing import chain
from revops_site.kernel.models import AuditEvent, User
from tests.conftest import AsUser
from tests.insights.api.programs import program

pytestmark = pytest.mark.django_db
REFUSALS = ("refused", "refused credentials", "refused for now")
LONG = "k7" * 20


def rows() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action__in=REFUSALS).order_by("id"))


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_what_a_role_may_not_do_names_the_person_the_address_and_no_word_they_typed(
    ana: User, as_user: AsUser
) -> None:
    as_user(ana).post("/accounts/invitations/", {"email": "typed@example.com"})
    as_user(ana).get("/data/?q=typed")
    posted, looked = rows()
    assert [(one.user, one.address, one.target) for one in (posted, looked)] == [
        (ana, "127.0.0.1", "/accounts/invitations/"),
        (ana, "127.0.0.1", "/data/"),
    ]
    assert posted.request_id
    assert posted.detail == {
        "method": "POST",
        "status": 403,
        "view": posted.detail["view"],
        "refusals_in_a_minute": 1,
    }
    assert not any("typed" in f"{one.target} {one.detail}" for one in (posted, looked))


def test_a_secret_in_an_address_that_leads_nowhere_is_left_out(ana: User, as_user: AsUser) -> None:
    as_user(ana).get(f"/accounts/invitations/{LONG}/")
    as_user(ana).get(f"/pipeline/deals/{LONG}/")
    assert rows()
    assert not any(LONG in one.target for one in rows())


def test_an_address_that_nobody_declared_is_no_refusal(ana: User, as_user: AsUser) -> None:
    as_user(ana).get("/no/such/page/")
    Client().get("/pipeline/deals/1/")
    Client().get("/api/deals/")
    assert rows() == []


def test_a_token_that_is_unknown_is_written_down_once_without_a_word_of_it() -> None:
    for _ in range(2):
        assert Client().get("/api/sync/status", headers=bearer(LONG)).status_code == 401
    Client().get(f"/api/{LONG}", headers=bearer(LONG))
    (row,) = rows()
    assert (row.action, row.user, row.address) == ("refused credentials", None, "127.0.0.1")
    assert row.detail["refusals_in_a_minute"] == 1
    assert LONG not in f"{row.target} {row.detail}"
    assert row.target.startswith("/api/")


def test_a_token_that_was_ended_is_put_down_to_whoever_made_it(dee: User) -> None:
    made = tokens.make(user=dee, name="old", scope="read", days=30, at=clock.now())
    tokens.end(user=dee, id_=made.kept.pk, at=clock.now())
    assert Client().get("/api/sync/status", headers=bearer(made.secret)).status_code == 401
    (row,) = rows()
    assert (row.action, row.user) == ("refused credentials", dee)


def test_a_token_that_may_only_read_and_posts_is_written_down(dee: User) -> None:
    assert program(dee).post("/api/sync/pipedrive").status_code == 403
    (row,) = rows()
    assert (row.action, row.user, row.detail["status"]) == ("refused", dee, 403)


def test_what_another_token_than_the_metrics_asks_for_is_written_down() -> None:
    assert Client().get("/ops/metrics", headers=bearer(LONG)).status_code == 401
    (row,) = rows()
    assert (row.action, row.target) == ("refused credentials", "/ops/metrics")


def test_whoever_asks_too_often_is_written_down_at_first_and_at_each_doubling(
    dee: User, settings: Any
) -> None:
    settings.API_REQUESTS_A_MINUTE = 1
    client = program(dee)
    answered = [client.get("/api/sync/status").status_code for _ in range(70)]
    told = [one.detail["refusals_in_a_minute"] for one in rows()]
    assert answered.count(429) >= 66  # a minute may begin in the middle
    assert told == [1, 32, 64]
    assert {(one.action, one.user) for one in rows()} == {("refused for now", dee)}


def test_a_script_that_tries_address_after_address_leaves_few_rows_that_tell_how_many(
    ana: User, as_user: AsUser
) -> None:
    client = as_user(ana)
    for nth in range(70):
        client.get(f"/pipeline/deals/x{nth}/")
    told = [one.detail["refusals_in_a_minute"] for one in rows()]
    assert told == [*range(1, 21), 32, 64]


def test_strangers_from_however_many_places_leave_few_rows() -> None:
    for nth in range(200):
        Client(REMOTE_ADDR=f"203.0.113.{nth}").get("/api/sync/status", headers=bearer(LONG))
    assert 20 <= len(rows()) < 30
    assert rows()[-1].detail["refusals_in_a_minute"] == 128


def test_a_closed_door_is_told_at_first_and_at_each_doubling(ana: User) -> None:
    for nth in range(13):
        Client().post("/accounts/login/", {"login": "ana", "password": f"wrong {nth}"})
    told = AuditEvent.objects.filter(action="login refused", target="ana").order_by("id")
    assert [one.detail["refusals_in_a_minute"] for one in told] == [1, 2, 4, 8]


def test_a_form_of_a_stranger_without_its_mark_is_written_down() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/accounts/login/", {"login": "typed", "password": "x"}).status_code == 403
    (row,) = rows()
    assert (row.action, row.user, row.target) == ("refused", None, "/accounts/login/")
    assert "typed" not in str(row.detail)


def test_refusals_stand_in_the_chain_and_are_found_by_what_they_begin_with(
    ad: User, ana: User, as_user: AsUser
) -> None:
    as_user(ana).get("/data/")
    Client().get("/api/sync/status", headers=bearer(LONG))
    chain.seal()
    assert chain.verify().problems == []
    page = as_user(ad).get("/admin/kernel/auditevent/?q=refused").content.decode()
    assert "refused credentials" in page
    assert "/data/" in page


def test_a_page_that_is_not_refused_asks_nothing_of_the_log(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/glossary/").status_code == 200
    assert seen.captured_queries
    assert not any("kernel_auditevent" in one["sql"] for one in seen.captured_queries)
