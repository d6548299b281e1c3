"""The door: who gets in, who stays in, how often somebody may guess, and where they are sent."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from revops_site.kernel import clock
from revops_site.kernel.entry import letters
from revops_site.kernel.models import AuditEvent, Team, User
from revops_site.kernel.people import folded
from tests.conftest import PASSWORD, AsUser

LOGIN = "/accounts/login/"
PROFILE = "/accounts/profile/"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "\thttps://evil.example",
    " //evil.example",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "ftp://testserver/",
]


def sign_in(
    name: str, password: str = PASSWORD, client: Client | None = None, **more: str
) -> HttpResponse:
    return (client or Client()).post(LOGIN, {"login": name, "password": password}, **more)  # type: ignore[arg-type,return-value]


def deliver() -> None:
    """What the worker does with the letters that wait."""
    for job in ProcrastinateJob.objects.filter(task_name__contains=".post_", status="todo"):
        letters.post_reset(**job.args) if "reset" in job.task_name else letters.post(**job.args)


def is_in(client: Client) -> bool:
    return client.get(PROFILE).status_code == 200


@pytest.mark.parametrize(
    "name", ["ana", "ANA", "ana@example.com", "Ana@Example.COM", " ana ", "ａｎａ"]
)
def test_people_log_in_by_user_name_or_e_mail_in_any_capitals(ana: User, name: str) -> None:
    client = Client()
    assert sign_in(name, client=client)["Location"] == "/"
    assert is_in(client)


@pytest.mark.parametrize("name", ["ana", "ana@example.com", "nobody", "nobody@example.com"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(ana: User, name: str) -> None:
    answer = sign_in(name, "wrong")
    assert answer.status_code == 200
    assert b"That name and that password do not belong together." in answer.content


def test_a_switched_off_account_gets_the_same_answer_as_a_wrong_password(ana: User) -> None:
    ana.is_active = False
    ana.save()
    assert b"do not belong together" in sign_in("ana").content


class CountingHasher(MD5PasswordHasher):
    """Counts the hashes, which are what takes time at the door."""

    hashes = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.hashes += 1
        return super().encode(password, salt)


@override_settings(PASSWORD_HASHERS=["tests.kernel.test_accounts.CountingHasher"])
def test_a_known_name_costs_as_many_hashes_as_an_unknown_one(ana: User) -> None:
    ana.set_password(PASSWORD)
    ana.save()

    def hashes(name: str) -> int:
        before = CountingHasher.hashes
        authenticate(None, username=name, email=name, password="wrong")
        return CountingHasher.hashes - before

    assert hashes("ana@example.com") == hashes("nobody@example.com") == 1


def test_five_failures_in_a_quarter_of_an_hour_close_the_door_even_to_the_right_password(
    ana: User,
) -> None:
    for name in ("ana", "ANA", "ana@example.com", "Ana", "ana"):
        sign_in(name, "wrong")
    client = Client()
    assert b"Too many failed login attempts" in sign_in("ana", client=client).content
    assert not is_in(client)
    assert AuditEvent.objects.filter(action="login refused", target="ana").count() == 1


def test_the_door_opens_again_after_a_quarter_of_an_hour(ana: User) -> None:
    for _ in range(5):
        AuditEvent.objects.create(
            at=clock.now() - timedelta(minutes=16),
            action=AuditEvent.LOGIN_FAILED,
            target="ana",
            address="127.0.0.1",
        )
    assert sign_in("ana").status_code == 302


def test_failures_of_one_person_do_not_close_the_door_to_another(ana: User, cy: User) -> None:
    for _ in range(6):
        sign_in("ana", "wrong")
    assert sign_in("cy").status_code == 302


def test_failures_from_one_address_do_not_close_the_door_at_another(ana: User) -> None:
    for _ in range(6):
        sign_in("ana", "wrong", REMOTE_ADDR="10.0.0.1")
    assert sign_in("ana", REMOTE_ADDR="10.0.0.2").status_code == 302


def test_an_address_that_nobody_trusts_as_a_proxy_cannot_pretend_to_be_many(ana: User) -> None:
    for last in range(5):
        sign_in("ana", "wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{last}")
    assert b"Too many" in sign_in("ana", HTTP_X_FORWARDED_FOR="10.0.0.9").content


def test_guessing_one_account_from_many_addresses_ends_too(ana: User) -> None:
    for last in range(20):
        sign_in("ana", "wrong", REMOTE_ADDR=f"10.0.0.{last}")
    assert b"Too many" in sign_in("ana", REMOTE_ADDR="10.0.1.1").content


def test_names_that_look_alike_are_guessed_under_one_count() -> None:
    assert folded("Ａnä") == folded("ana") == folded("ANÁ")


def test_nobody_can_sign_up() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    answer = Client().get("/accounts/signup/")
    assert answer.status_code == 302, "to a stranger it is an address like any other"
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("next_", ["/marketing/?period=90d", "/glossary/"])
def test_one_comes_back_to_where_one_was_going(ana: User, next_: str) -> None:
    assert Client().get(next_)["Location"].startswith(f"{LOGIN}?next=")
    answer = Client().post(LOGIN, {"login": "ana", "password": PASSWORD, "next": next_})
    assert answer["Location"] == next_


@pytest.mark.parametrize("next_", ELSEWHERE)
def test_nobody_is_sent_to_another_site(ana: User, as_user: AsUser, next_: str) -> None:
    answer = Client().post(LOGIN, {"login": "ana", "password": PASSWORD, "next": next_})
    assert answer["Location"] == "/"
    switched = as_user(ana).post("/accounts/theme/", {"theme": "luma", "next": next_})
    assert switched["Location"] == "/"


@pytest.mark.parametrize(
    "change",
    [
        {"role": "viewer"},
        {"is_active": False},
        {"rep": None},
        {"password": "another"},
        {"is_demo": True},
    ],
)
def test_a_change_of_rights_ends_the_open_session_for_good(
    ana: User, as_user: AsUser, change: dict[str, object]
) -> None:
    client = as_user(ana)
    before = {name: getattr(ana, name) for name in change}
    assert is_in(client)
    for values in (change, before):
        for name, value in values.items():
            setattr(ana, name, value)
        if "password" in change:
            ana.set_password("another longer phrase")
        ana.save()
        assert not is_in(client)


def test_a_session_ends_also_when_rights_are_changed_past_the_model(
    ana: User, as_user: AsUser
) -> None:
    client = as_user(ana)
    User.objects.filter(pk=ana.pk).update(role="viewer")
    assert not is_in(client)


def test_a_managers_new_team_ends_the_session_and_a_new_theme_does_not(
    bo: User, apac: Team, as_user: AsUser
) -> None:
    client = as_user(bo)
    bo.theme = "neon"
    bo.save()
    assert is_in(client)
    bo.team = apac
    bo.save(update_fields=["team"])
    assert not is_in(client)


def test_an_old_cookie_is_worth_nothing_after_logging_out(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/accounts/logout/")
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert not is_in(client)


def test_the_session_has_another_name_after_logging_in(ana: User) -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted = "planted0planted0planted0planted0"
    sign_in("ana", client=client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted


@override_settings(REVOPS_DEMO=False)
def test_a_demo_user_cannot_log_in_outside_the_demo_by_any_road(ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(is_demo=True, role="admin", is_staff=True)
    assert b"do not belong together" in sign_in("ana").content
    assert authenticate(None, username="ana", password=PASSWORD) is None
    client = Client()
    client.post("/admin/login/", {"username": "ana", "password": PASSWORD})
    assert not is_in(client)
    client.force_login(ana)
    assert not is_in(client)


@override_settings(REVOPS_DEMO=True)
def test_a_demo_session_ends_where_the_demo_does(ana: User, as_user: AsUser) -> None:
    ana.is_demo = True
    ana.save()
    client = as_user(ana)
    assert is_in(client)
    with override_settings(REVOPS_DEMO=False):
        assert not is_in(client)


def test_the_login_page_offers_the_demos_people_while_it_runs_and_on_its_machine_alone(
    tmp_path: Path,
) -> None:
    logins = {"url": "", "users": [{"role": "rep", "username": "robin", "password": "robin-pw"}]}
    (tmp_path / "demo.json").write_text(json.dumps(logins))
    with override_settings(VAR=tmp_path, REVOPS_DEMO=True):
        assert b"robin" in Client().get(LOGIN).content
        assert b"robin" not in Client().get(LOGIN, REMOTE_ADDR="192.168.1.9").content
        assert b"robin" not in Client().get(LOGIN, headers={"X-Forwarded-For": "::1"}).content
    with override_settings(VAR=tmp_path, REVOPS_DEMO=False):
        assert b"robin" not in Client().get(LOGIN).content
    with override_settings(VAR=tmp_path / "none", REVOPS_DEMO=True):
        assert Client().get(LOGIN).status_code == 200


def test_a_forgotten_password_is_reset_by_mail_and_forgives_the_failures(ana: User) -> None:
    for _ in range(5):
        sign_in("ana", "wrong")
    client = Client()
    client.post("/accounts/password/reset/", {"email": "ana@example.com"})
    deliver()
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert link
    form = client.get(link[1], follow=True)
    chosen = "a phrase that nobody knows"
    client.post(form.request["PATH_INFO"], {"password1": chosen, "password2": chosen}, follow=True)
    assert not is_in(client), "a reset link is no login"
    assert sign_in("ana", chosen).status_code == 302
    assert client.get(link[1], follow=True).context["token_fail"], "the link works once"


def test_asking_for_a_reset_does_not_tell_who_has_an_account(ana: User) -> None:
    answers = [
        Client().post("/accounts/password/reset/", {"email": email}, follow=True)
        for email in ("ana@example.com", "nobody@example.com")
    ]
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert not mail.outbox, "who asks waits for no mail"
    deliver()
    assert [message.to for message in mail.outbox] == [["ana@example.com"]]


@pytest.mark.django_db
def test_createsuperuser_makes_an_admin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, username="first", email="first@example.com")
    first = User.objects.get(username="first")
    assert (first.role, first.is_staff, first.is_superuser) == ("admin", True, False)


@pytest.mark.parametrize(("name", "email"), [("ANA", "x@example.com"), ("x", "Ana@EXAMPLE.com")])
def test_two_people_cannot_share_a_name_or_an_address(ana: User, name: str, email: str) -> None:
    with pytest.raises(IntegrityError):
        User.objects.create_user(name, email, PASSWORD)


def test_somebody_whose_user_name_is_anothers_address_cannot_log_in_as_them(ana: User) -> None:
    User.objects.create_user("ana@example.com", "other@example.com", "the password of another")
    client = Client()
    sign_in("ana@example.com", "the password of another", client=client)
    assert client.get(PROFILE).context["user"].email == "other@example.com"
    assert b"do not belong together" in sign_in("ana@example.com").content


@pytest.mark.parametrize("theme", User.Theme.values)
def test_the_theme_is_kept_with_the_account_and_in_a_cookie(
    ana: User, as_user: AsUser, theme: str
) -> None:
    client = as_user(ana)
    answer = client.post("/accounts/theme/", {"theme": theme, "next": "/glossary/"})
    assert answer["Location"] == "/glossary/"
    assert answer.cookies["theme"].value == theme
    assert answer.cookies["theme"]["httponly"]
    ana.refresh_from_db()
    assert ana.theme == theme
    assert f'data-theme="{theme}"' in client.get(PROFILE).content.decode()


def test_htmx_gets_no_page_for_a_theme_and_a_theme_that_is_none_is_refused(
    ana: User, as_user: AsUser
) -> None:
    client = as_user(ana)
    quiet = client.post("/accounts/theme/", {"theme": "neon"}, headers={"HX-Request": "true"})
    assert (quiet.status_code, quiet.content) == (204, b"")
    assert client.post("/accounts/theme/", {"theme": '"><script>'}).status_code == 400
    assert client.post("/accounts/theme/", {}).status_code == 400
    assert client.get("/accounts/theme/").status_code == 405
    ana.refresh_from_db()
    assert ana.theme == "neon"


def test_a_theme_needs_the_forms_token(ana: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert client.post("/accounts/theme/", {"theme": "neon"}).status_code == 403


def test_the_login_page_has_the_theme_of_the_cookie_unless_somebody_made_it_up() -> None:
    client = Client()
    client.cookies["theme"] = "luma"
    assert 'data-theme="luma"' in client.get(LOGIN).content.decode()
    client.cookies["theme"] = '"><script>alert(1)</script>'
    assert "alert(1)" not in client.get(LOGIN).content.decode()


def test_the_profile_says_who_one_is_and_whose_rows_one_sees(
    ana: User, bo: User, as_user: AsUser
) -> None:
    assert "Ana Almeida" in as_user(ana).get(PROFILE).content.decode()
    page = as_user(bo).get(PROFILE).content.decode()
    assert "Manager" in page
    assert "EMEA" in page
    assert "/accounts/password/change/" in page
