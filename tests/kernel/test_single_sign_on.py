"""Single sign-on, tried against a small provider on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings

from revops_site.kernel import clock
from revops_site.kernel.entry import invitations
from revops_site.kernel.models import AuditEvent, Rep, Team, User
from tests.kernel.test_accounts import is_in

START = "/accounts/sso/sso/login/"
CLIENT, SECRET = "revops", "a secret of the provider"


class Provider(ThreadingHTTPServer):
    """Says of whoever comes that they are ``person``; takes a code once, with its verifier."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.person: dict[str, Any] = {}
        self.asked: list[dict[str, list[str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    """What OpenID Connect asks of a provider."""

    server: Provider

    def do_GET(self) -> None:
        if self.path.endswith("openid-configuration"):
            parts = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            urls = {f"{name}_endpoint": f"{self.server.url}/{at}" for name, at in parts.items()}
            more = {"issuer": self.server.url, "jwks_uri": f"{self.server.url}/keys"}
            self._say({**urls, **more})
        else:
            self._say(self.server.person)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append(parse_qs(body))
        now = int(clock.now().timestamp())
        told = {"iss": self.server.url, "aud": CLIENT, "iat": now, "exp": now + 60}
        token = jwt.encode({**told, **self.server.person}, "k" * 32, algorithm="HS256")
        self._say({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""

    def _say(self, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider, which the settings name."""
    server = Provider()
    Thread(target=server.serve_forever, daemon=True).start()
    app = {"provider_id": "sso", "name": "Acme login", "client_id": CLIENT, "secret": SECRET}
    apps = [{**app, "settings": {"server_url": server.url}}]
    providers = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}
    with override_settings(
        OIDC_ISSUER=server.url, OIDC_NAME="Acme login", SOCIALACCOUNT_PROVIDERS=providers
    ):
        yield server
    server.shutdown()
    server.server_close()


def person(email: str, *, verified: bool = True) -> dict[str, Any]:
    names = {"given_name": "Nia", "family_name": "Novak", "name": "Nia Novak"}
    return {"sub": f"sub of {email}", "email": email, "email_verified": verified, **names}


def come(client: Client, **changed: str) -> HttpResponse:
    """Go to the provider and come back as it sends one."""
    sent = client.get(START)
    assert sent.status_code == 302, sent.content
    asked = {name: values[0] for name, values in parse_qs(urlsplit(sent["Location"]).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"http://testserver{START}callback/"
    back = {"code": "once", "state": asked["state"], **changed}
    answer = client.get(f"{START}callback/", back)
    assert isinstance(answer, HttpResponse)
    return answer


def test_whoever_has_an_account_comes_in_by_the_verified_address(
    ana: User, provider: Provider
) -> None:
    assert "Sign in with Acme login" in Client().get("/accounts/login/").content.decode()
    provider.person = person("Ana@example.com")
    for _ in range(2):
        client = Client()
        assert come(client)["Location"] == "/"
        assert client.get("/accounts/profile/").context["user"] == ana
    assert provider.asked[0]["code_verifier"]
    said = [*AuditEvent.objects.values_list("action", flat=True)]
    assert said.count("single sign-on connected") == 1
    assert said.count("login") == 2


@pytest.mark.parametrize(
    ("email", "verified"), [("ana@example.com", False), ("stranger@example.com", True)]
)
def test_an_unverified_address_and_a_stranger_stay_outside(
    ana: User, provider: Provider, email: str, verified: bool
) -> None:
    provider.person = person(email, verified=verified)
    client = Client()
    assert come(client).status_code == 403
    assert not is_in(client)
    assert User.objects.count() == 1
    assert AuditEvent.objects.filter(action="single sign-on refused").count() == 1


def test_an_invited_person_comes_in_as_what_they_are_invited(
    dee: User, emea: Team, provider: Provider
) -> None:
    rep = Rep.objects.create(rep_id="nia", name="Nia Novak", team=emea)
    invitations.invite(
        by=dee,
        email="nia@example.com",
        role="rep",
        rep=rep,
        team=None,
        site="http://testserver",
        at=clock.now(),
    )
    provider.person = person("nia@example.com")
    client = Client()
    come(client)
    assert is_in(client)
    nia = User.objects.get(email="nia@example.com")
    assert (nia.role, nia.rep, nia.first_name, nia.has_usable_password()) == (
        *("rep", rep, "Nia"),
        False,
    )


def test_a_domain_that_is_allowed_lets_its_people_in_as_viewers(
    db: None, provider: Provider
) -> None:
    with override_settings(OIDC_DOMAINS=["acme.example"]):
        for email, inside in (("nia@Acme.example", True), ("nia@not-acme.example", False)):
            provider.person = person(email)
            client = Client()
            come(client)
            assert is_in(client) is inside
    assert [*User.objects.values_list("role", flat=True)] == ["viewer"]


def test_somebody_who_was_switched_off_stays_outside(ana: User, provider: Provider) -> None:
    provider.person = person("ana@example.com")
    come(Client())
    ana.is_active = False
    ana.save()
    client = Client()
    come(client)
    assert not is_in(client)


def test_an_answer_that_nobody_asked_for_is_refused(ana: User, provider: Provider) -> None:
    provider.person = person("ana@example.com")
    client = Client()
    assert come(client, state="made-up").status_code in (200, 401, 403)
    assert not is_in(client)


@override_settings(SECOND_FACTOR_ROLES=["admin"])
def test_an_admin_still_needs_a_second_factor_unless_the_provider_brings_one(
    ad: User, provider: Provider
) -> None:
    provider.person = person("ad@example.com")
    client = Client()
    come(client)
    assert client.get("/glossary/")["Location"] == "/accounts/second-factor/"
    with override_settings(OIDC_BRINGS_SECOND_FACTOR=True):
        assert is_in(client)


def test_without_a_provider_there_is_no_such_address(db: None) -> None:
    assert not settings.OIDC_ISSUER
    assert Client().get(START).status_code == 404
    assert "Sign in with" not in Client().get("/accounts/login/").content.decode()
