"""Invitations, and the sessions that somebody has open."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from revops_site.kernel import clock
from revops_site.kernel.models import AuditEvent, Rep, Team, User
from tests.conftest import PASSWORD, AsUser
from tests.kernel.test_accounts import deliver, is_in, sign_in

PAGE = "/accounts/invitations/"
CHOSEN = "a phrase that nobody knows"
NEWCOMER = {"first_name": "Nia", "last_name": "Novak", "password": CHOSEN, "again": CHOSEN}


def link() -> str:
    """The link of the newest mail."""
    deliver()
    found = re.search(r"http://testserver(/accounts/invitation/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def invite(client: Client, email: str = "nia@example.com", **more: object) -> int:
    return client.post(PAGE, {"email": email, "role": "viewer", **more}).status_code


def test_whoever_is_invited_chooses_a_password_and_comes_in_with_the_role_given(
    dee: User, emea: Team, as_user: AsUser
) -> None:
    rep = Rep.objects.create(rep_id="nia", name="Nia Novak", team=emea)
    assert invite(as_user(dee), role="rep", rep="nia") == 302
    client, here = Client(), link()
    assert mail.outbox[-1].to == ["nia@example.com"]
    assert "nia@example.com" in client.get(here).content.decode()
    assert client.post(here, NEWCOMER)["Location"] == "/accounts/login/"
    assert not is_in(client), "the link is no login"
    nia = User.objects.get(email="nia@example.com")
    assert (nia.username, nia.role, nia.rep) == ("nia", "rep", rep)
    sign_in("nia@example.com", CHOSEN, client)
    assert is_in(client)
    assert Client().get(here).status_code == 404, "it works once"
    assert Client().post(here, NEWCOMER).status_code == 404
    said = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"invited", "invitation accepted"} <= said


def test_an_invitation_ends_by_time_by_another_and_by_withdrawal(
    dee: User, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_user(dee)
    invite(client)
    first = link()
    invite(client)
    second = link()
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    number = re.search(r"invitations/(\d+)/withdraw", client.get(PAGE).content.decode())
    assert number
    client.post(f"/accounts/invitations/{number[1]}/withdraw/")
    assert Client().get(second).status_code == 404
    invite(client)
    third, real = link(), clock.now

    def later() -> datetime:
        return real() + timedelta(days=8)

    monkeypatch.setattr(clock, "now", later)
    assert Client().get(third).status_code == 404


def test_a_weak_password_is_refused_and_nothing_typed_but_it_is_lost(
    dee: User, as_user: AsUser
) -> None:
    invite(as_user(dee))
    here = link()
    for chosen in ("short", "revops-2026!!", "nia@example.com"):
        answer = Client().post(here, NEWCOMER | {"password": chosen, "again": chosen})
        assert answer.status_code == 422
        assert 'value="Novak"' in answer.content.decode()
    assert Client().post(here, NEWCOMER | {"again": "another phrase"}).status_code == 422
    assert not User.objects.filter(email="nia@example.com").exists()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"role": "admin"}, "Select a valid choice"),
        ({"role": "rep"}, "say whose"),
        ({"role": "manager"}, "say which"),
        ({"email": "ana@example.com"}, "has an account already"),
        ({"email": "no address"}, "valid email"),
    ],
)
def test_what_cannot_be_is_said_and_invites_nobody(
    ana: User, dee: User, as_user: AsUser, given: dict[str, str], says: str
) -> None:
    form = {"email": "nia@example.com", "role": "viewer", **given}
    answer = as_user(dee).post(PAGE, form)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    deliver()
    assert not mail.outbox


def test_an_admin_may_invite_an_admin(ad: User, as_user: AsUser) -> None:
    assert invite(as_user(ad), role="admin") == 302


def test_one_sees_where_one_is_signed_in_and_ends_one_or_all_others(ana: User) -> None:
    phone, desk, tablet = Client(), Client(), Client()
    agents = {
        phone: "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Safari/604.1",
        desk: "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36",
        tablet: "Mozilla/5.0 (Linux; Android 16) Firefox/145.0",
    }
    for client, agent in agents.items():
        sign_in("ana", PASSWORD, client, HTTP_USER_AGENT=agent, REMOTE_ADDR="10.1.2.3")
    page = desk.get("/accounts/profile/").content.decode()
    for device in ("Safari on iPhone", "Chrome on Windows", "Firefox on Android"):
        assert device in page
    assert page.count("10.1.2.3") >= 3
    assert page.count("this one") == 1
    first = re.findall(r"profile/sessions/(\d+)/end/", page)[0]
    desk.post(f"/accounts/profile/sessions/{first}/end/")
    assert [is_in(client) for client in (phone, desk, tablet)].count(False) == 1
    desk.post("/accounts/profile/sessions/end/")
    assert [is_in(client) for client in (phone, desk, tablet)] == [False, True, False]


def test_nobody_ends_the_session_of_another(ana: User, cy: User) -> None:
    mine, other = Client(), Client()
    sign_in("ana", PASSWORD, mine)
    sign_in("cy", PASSWORD, other)
    page = mine.get("/accounts/profile/").content.decode()
    assert "profile/sessions/" in page
    for number in range(1, 40):
        other.post(f"/accounts/profile/sessions/{number}/end/")
    other.post("/accounts/profile/sessions/end/")
    assert is_in(mine)
