"""Tokens: whom a program is, how long, and what it may do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client, override_settings

from revops_site.kernel import clock, tokens
from revops_site.kernel.models import ApiToken, AuditEvent, User
from tests.conftest import AsUser

PROFILE = "/accounts/profile/"
FILE = "/pipeline/panels/owner-performance.json"
ASKED = {"name": "Nightly sheet", "scope": "read", "days": "30"}
pytestmark = pytest.mark.django_db


def token_of(user: User, scope: str = "read") -> str:
    return tokens.make(user=user, name="x", scope=scope, days=30, at=clock.now()).secret


def program(secret: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {secret}"})


def owners(client: Client) -> set[str]:
    return {row["owner"] for row in client.get(FILE).json()["rows"]}


def test_a_token_is_shown_once_and_then_known_by_how_it_begins(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    made = client.post(PROFILE, ASKED).content.decode()
    (secret,) = re.findall(r"revops_[\w-]{43}", made)
    later = client.get(PROFILE).content.decode()
    assert secret not in later
    assert secret[:12] in later
    assert "Nightly sheet" in later
    assert secret not in str([*ApiToken.objects.values(), *AuditEvent.objects.values()])


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"name": " "}, "required"),
        ({"name": "x" * 81}, "at most 80"),
        ({"name": "a\x00b"}, "Null"),
        ({"scope": "all"}, "not one of the available choices"),
        ({"days": "36500"}, "not one of the available choices"),
        ({"days": "many"}, "not one of the available choices"),
    ],
)
def test_what_makes_no_token_is_said_and_kept_in_the_form(
    ana: User, as_user: AsUser, said: dict[str, str], why: str
) -> None:
    answer = as_user(ana).post(PROFILE, {**ASKED, **said})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_nobody_has_more_tokens_than_they_can_keep_track_of(ana: User, as_user: AsUser) -> None:
    for _ in range(tokens.MOST):
        token_of(ana)
    answer = as_user(ana).post(PROFILE, ASKED)
    assert answer.status_code == 422
    assert "end one of them first" in answer.content.decode()


def test_a_program_sees_what_its_maker_sees(
    ana: User, bo: User, dee: User, pipeline_deals: None, as_user: AsUser
) -> None:
    for person in (ana, bo, dee):
        assert owners(program(token_of(person))) == owners(as_user(person))
    assert owners(program(token_of(ana))) == {"Ana Almeida"}
    assert len(owners(program(token_of(dee)))) > 1


def test_a_token_that_is_none_is_refused_and_never_sent_to_the_login_page(ana: User) -> None:
    secret = token_of(ana)
    for wrong in ("", "x", secret[:-1], secret + "x", secret.upper(), "revops_", "\x00", "ü" * 50):
        answer = program(wrong).get(FILE)
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["status"] == 401
    assert Client().get("/api/sync/status").status_code == 401
    assert Client().get(FILE).status_code == 302, "a person is led to the login page"


def test_a_token_ends_at_once_by_its_maker_alone(ana: User, bo: User, as_user: AsUser) -> None:
    secret = token_of(ana)
    kept = ApiToken.objects.get()
    assert as_user(bo).post(f"{PROFILE}tokens/{kept.pk}/end/").status_code == 404
    assert program(secret).get("/api/sync/status").status_code == 200
    answer = as_user(ana).post(f"{PROFILE}tokens/{kept.pk}/end/", follow=True)
    assert "lets nobody in any more" in answer.content.decode()
    assert program(secret).get("/api/sync/status").status_code == 401
    told = AuditEvent.objects.filter(user=ana).values_list("action", flat=True)
    assert {"API token made", "API token ended"} <= {*told}


def test_a_token_ends_with_its_time_and_with_its_maker(ana: User) -> None:
    secret = token_of(ana)
    ana.is_active = False
    ana.save()
    assert program(secret).get("/api/sync/status").status_code == 401
    ana.is_active = True
    ana.save()
    assert program(secret).get("/api/sync/status").status_code == 200
    ApiToken.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert program(secret).get("/api/sync/status").status_code == 401


def test_a_demo_users_token_opens_nothing_outside_of_the_demo(ana: User) -> None:
    ana.is_demo = True
    ana.save()
    secret = token_of(ana)
    with override_settings(REVOPS_DEMO=False):
        assert program(secret).get("/api/sync/status").status_code == 401


def test_a_token_that_may_read_changes_nothing(ana: User) -> None:
    answer = program(token_of(ana)).post("/api/sync/trigger")
    assert answer.status_code == 403
    assert answer.json()["detail"] == "This token may only read."
    answer = program(token_of(ana, "write")).post("/api/sync/trigger")
    assert answer.json()["code"] == "not_connected"


@pytest.mark.parametrize("path", ["/", "/pipeline/", "/accounts/profile/", "/admin/", "/data/"])
def test_a_token_opens_no_page(ana: User, path: str) -> None:
    assert program(token_of(ana, "write")).get(path).status_code == 302


def test_a_program_leaves_no_session_and_its_token_says_when_it_was_used(ana: User) -> None:
    answer = program(token_of(ana)).get("/api/sync/status")
    assert not answer.cookies
    assert ApiToken.objects.get().used_at is not None


def test_a_session_posts_to_the_api_with_its_csrf_token_only(ana: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert client.post("/api/sync/trigger").status_code == 403
    asked = Client(
        enforce_csrf_checks=True, headers={"Authorization": f"Bearer {token_of(ana, 'write')}"}
    )
    assert asked.post("/api/sync/trigger").status_code == 409
