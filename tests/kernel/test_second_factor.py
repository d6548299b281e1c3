"""The second factor: who must have one, what it lets in, and that each code does so once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings

from revops_site.kernel import clock
from revops_site.kernel.entry import second_factor as factor
from revops_site.kernel.models import AuditEvent, User
from tests.conftest import PASSWORD, AsUser

PAGE = "/accounts/second-factor/"
LOGIN = "/accounts/login/"
CODE = "/accounts/login/code/"
REQUIRED = override_settings(SECOND_FACTOR_ROLES=["admin", "revops"])


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """Time that is added to the clock."""
    more = [timedelta(0)]
    real = clock.now

    def now() -> datetime:
        return real() + more[0]

    monkeypatch.setattr(clock, "now", now)
    return more


def shown(client: Client) -> str:
    """The secret of the set-up page, as somebody types it into an app."""
    found = re.search(
        r'<code class="secret">([A-Z2-7 ]+)</code>', client.get(PAGE).content.decode()
    )
    assert found
    return found[1].replace(" ", "")


def code_of(secret: str, steps: int = 0) -> str:
    """What the app on the phone shows."""
    return str(format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // 30 + steps)))


def set_up(client: Client) -> tuple[str, list[str]]:
    """Set the second factor up; the secret and the recovery codes."""
    secret = shown(client)
    page = client.post(PAGE, {"code": code_of(secret)}).content.decode()
    return secret, re.findall(r"<li><code>([a-z2-7-]+)</code>", page)


def sign_in(name: str, client: Client | None = None) -> HttpResponse:
    answer = (client or Client()).post(LOGIN, {"login": name, "password": PASSWORD})
    assert isinstance(answer, HttpResponse)
    return answer


def half_in(name: str) -> Client:
    """A browser that gave the password and not yet the code."""
    client = Client()
    assert sign_in(name, client)["Location"] == CODE
    return client


def is_in(client: Client) -> bool:
    return client.get("/glossary/").status_code == 200


@REQUIRED
@pytest.mark.parametrize("who", ["ad", "dee"])
def test_admins_and_revops_are_led_to_set_one_up_and_reach_nothing_before(
    who: str, ad: User, dee: User
) -> None:
    client = Client()
    sign_in(who, client)
    for path in ("/", "/marketing/", "/admin/", "/accounts/profile/", "/marketing/panels/funnel/"):
        assert client.get(path)["Location"] == PAGE
    assert client.get("/api/panels/").status_code in (403, 404)
    swap = client.get("/marketing/", headers={"HX-Request": "true"})
    assert swap["HX-Redirect"] == PAGE
    set_up(client)
    assert is_in(client)


@REQUIRED
def test_others_may_go_without(ana: User, bo: User, vi: User) -> None:
    for name in ("ana", "bo", "vi"):
        client = Client()
        sign_in(name, client)
        assert is_in(client)


def test_the_demo_asks_for_none(ad: User) -> None:
    client = Client()
    sign_in("ad", client)
    assert is_in(client)


def test_the_set_up_page_shows_a_picture_and_the_secret_in_words(
    ana: User, as_user: AsUser
) -> None:
    client = as_user(ana)
    page = client.get(PAGE).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    assert shown(client) == shown(client), "a reload does not spoil what was scanned"
    assert len(shown(client)) == 32


def test_a_wrong_code_sets_nothing_up(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    secret = shown(client)
    wrong = client.post(PAGE, {"code": f"{(int(code_of(secret)) + 1) % 10**6:06}"})
    assert wrong.status_code == 422
    assert "wrong" in wrong.content.decode()
    assert not factor.is_set_up(ana)
    assert shown(client) == secret


def test_the_secret_is_sealed_and_the_codes_are_digests(ana: User, as_user: AsUser) -> None:
    secret, codes = set_up(as_user(ana))
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert len(set(codes)) == 10
    assert secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_the_session_has_another_name_after_it_was_set_up(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    shown(client)
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    set_up(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before


def test_a_password_alone_lets_nobody_in_any_more(ana: User, as_user: AsUser) -> None:
    set_up(as_user(ana))
    client = half_in("ana")
    assert not is_in(client)
    assert client.post(CODE, {"code": "000000"}).status_code == 200
    assert not is_in(client)


def test_each_code_of_the_app_lets_in_once(
    ana: User, as_user: AsUser, later: list[timedelta]
) -> None:
    secret, _ = set_up(as_user(ana))
    used = code_of(secret)
    client = half_in("ana")
    client.post(CODE, {"code": used})
    assert not is_in(client), "it was used to set it up"
    later[0] = timedelta(seconds=60)
    client = half_in("ana")
    fresh = code_of(secret)
    assert client.post(CODE, {"code": f"{fresh[:3]} {fresh[3:]}"})["Location"] == "/"
    assert is_in(client)
    again = half_in("ana")
    for replayed in (fresh, used):
        assert again.post(CODE, {"code": replayed}).status_code == 200
    assert not is_in(again)


def test_a_code_of_long_ago_or_of_the_future_lets_nobody_in(
    ana: User, as_user: AsUser, later: list[timedelta]
) -> None:
    secret, _ = set_up(as_user(ana))
    later[0] = timedelta(minutes=5)
    client = half_in("ana")
    for steps in (-2, 2):
        client.post(CODE, {"code": code_of(secret, steps)})
    assert not is_in(client)


def test_each_recovery_code_lets_in_once(ana: User, as_user: AsUser) -> None:
    _, codes = set_up(as_user(ana))
    client = half_in("ana")
    client.post(CODE, {"code": codes[0].upper().replace("-", " ")})
    assert is_in(client)
    again = half_in("ana")
    again.post(CODE, {"code": codes[0]})
    assert not is_in(again)
    assert factor.codes_left(ana) == 9
    assert "9 recovery codes left" in client.get(PAGE).content.decode()


def test_new_recovery_codes_end_the_old_ones_and_are_shown_once(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    _, old = set_up(client)
    page = client.post(PAGE, {"deed": "new"}).content.decode()
    new = re.findall(r"<li><code>([a-z2-7-]+)</code>", page)
    assert len(new) == 10
    assert not any(code in client.get(PAGE).content.decode() for code in new)
    other = half_in("ana")
    other.post(CODE, {"code": old[0]})
    assert not is_in(other)
    other.post(CODE, {"code": new[0]})
    assert is_in(other)


def test_five_wrong_codes_in_a_quarter_of_an_hour_refuse_even_the_right_one(
    ana: User, as_user: AsUser, later: list[timedelta]
) -> None:
    secret, _ = set_up(as_user(ana))
    later[0] = timedelta(seconds=60)
    client = half_in("ana")
    for _ in range(5):
        client.post(CODE, {"code": "000000"})
    refused = client.post(CODE, {"code": code_of(secret)})
    assert "Too many wrong codes" in refused.content.decode()
    later[0] = timedelta(minutes=17)
    client = half_in("ana")
    client.post(CODE, {"code": code_of(secret)})
    assert is_in(client)


def test_whoever_need_not_have_one_may_take_it_off_and_whoever_must_may_not(
    ana: User, dee: User, as_user: AsUser
) -> None:
    client = as_user(ana)
    set_up(client)
    client.post(PAGE, {"deed": "remove"})
    assert not factor.is_set_up(ana)
    with REQUIRED:
        client = Client()
        sign_in("dee", client)
        set_up(client)
        assert client.post(PAGE, {"deed": "remove"}).status_code == 422
    assert factor.is_set_up(dee)


def test_taking_it_off_somebody_else_ends_their_sessions(
    ana: User, ad: User, as_user: AsUser
) -> None:
    client = as_user(ana)
    set_up(client)
    factor.remove(ana, by=ad)
    assert not is_in(client)
    assert sign_in("ana")["Location"] == "/"


def test_what_happens_to_it_is_written_down_without_codes(ana: User, as_user: AsUser) -> None:
    secret, codes = set_up(as_user(ana))
    client = half_in("ana")
    client.post(CODE, {"code": "000000"})
    client.post(CODE, {"code": codes[0]})
    said = [*AuditEvent.objects.order_by("id").values_list("action", flat=True)]
    for action in ("second factor set up", "second factor failed", "recovery code used", "login"):
        assert action in said
    told = str([*AuditEvent.objects.values()])
    assert secret not in told
    assert codes[0] not in told


@override_settings(CONFIRMED_SECONDS=1800)
def test_what_is_dangerous_asks_again_who_one_is_after_half_an_hour(
    ad: User, later: list[timedelta]
) -> None:
    client = Client()
    sign_in("ad", client)
    assert client.get("/admin/kernel/user/").status_code == 200
    later[0] = timedelta(minutes=31)
    asked = client.get("/admin/kernel/user/")
    assert asked["Location"] == "/accounts/confirm/?next=%2Fadmin%2Fkernel%2Fuser%2F"
    assert client.get("/admin/kernel/team/").status_code == 200, "what is harmless stays open"
    assert client.post(asked["Location"], {"password": "not mine"}).status_code == 200
    assert client.get("/admin/kernel/user/").status_code == 302
    later[0] = timedelta(0)  # what allauth writes down, it writes by the real clock
    back = client.post(asked["Location"], {"password": PASSWORD})
    assert back["Location"] == "/admin/kernel/user/"
    assert client.get("/admin/kernel/user/").status_code == 200


@override_settings(CONFIRMED_SECONDS=1800)
def test_a_form_that_was_opened_in_time_may_be_sent_a_little_later(
    ad: User, ana: User, later: list[timedelta]
) -> None:
    client = Client()
    sign_in("ad", client)
    form = {"username": "ana", "email": "ana@example.com", "role": "rep", "rep": "ana"}
    form |= {"first_name": "Anna", "last_name": "", "is_active": "on"}
    for minutes, name in ((40, "Anna"), (50, "Ana")):
        later[0] = timedelta(minutes=minutes)
        client.post(f"/admin/kernel/user/{ana.pk}/change/", form | {"first_name": name})
        ana.refresh_from_db()
        assert ana.first_name == "Anna"
