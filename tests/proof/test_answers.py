"""To look changes nothing, each answer is guarded, files are taken along, nobody is led away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from revops_site.kernel.models import User, Workspace
from tests.conftest import PASSWORD
from tests.proof import a_house
from tests.proof.crawl import crawl
from tests.proof.looking import starts
from tests.proof.test_assignment import everything
from tests.test_access import ROWS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
GUARDS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self';",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Strict-Transport-Security": "max-age=31536000",
}
CLOSED = ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "object-src 'none'")
CACHES = ("no-store", "private")
FILES = ("text/csv", "application/vnd", "application/zip", "application/octet-stream")
# What a look may leave behind: that it was asked for, what it led to work out, who was there.
LEFT_BEHIND = {
    "account.EmailAddress",  # the sign-in's own copy of one's address
    "coaching.InsightRequest",  # a rep's insights are written where somebody looks
    "kernel.OpenSession",  # where and when somebody was last seen
    "pipeline.DealHealth",  # scored where nobody did before
    "pipeline.HealthDay",
    "pipeline.HealthDue",
}
BY_WORDS_OF_ITS_OWN = {"coaching:mail_stop", "insights:hook"}  # the secret of a link, or of a hook
AWAY = (
    *("https://evil.example/", "//evil.example/", "///evil.example/", "////evil.example"),
    *("http:evil.example", "https:evil.example", "https:/evil.example", "/\\evil.example"),
    *("\\/evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "\x00//evil"),
    *("https://testserver@evil.example/", "https://testserver.evil.example/", "//evil%2eexample"),
    *("javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "https:evil.example//"),
    *("ftp://evil.example/", "//[::1]/", "https://evil.example\\@testserver/", " //evil.example"),
)


class Secure(Client):
    """A browser that comes by TLS."""

    def generic(self, *args: Any, **named: Any) -> Any:
        """Ask for it."""
        return super().generic(*args, **{**named, "secure": True})


def test_to_look_changes_nothing_and_every_answer_is_guarded(
    workspace: Workspace, ana: User, cy: User, dee: User, settings: Any, tmp_path: Path
) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.FILES, settings.UPLOADS = tmp_path / "files", tmp_path / "uploads"
    a_house.load(tmp_path / "house", a_house.OWN, a_house.FOREIGN)
    client = Secure()
    client.force_login(dee)
    bare: dict[str, str] = {}
    files: list[str] = []

    def look(address: str, answer: Any, body: bytes) -> None:
        if answer.headers.get("Content-Type", "").startswith(FILES):
            files.append(address)
        if missing := unguarded(answer):
            bare[address] = missing

    before = everything()
    counts = crawl(client, starts(), look, 1)
    after = everything()
    assert bare == {}
    assert {name for name in before if before[name] != after[name]} <= LEFT_BEHIND
    assert len(files) > 20
    assert sum(counts.values()) > 200


def unguarded(answer: Any) -> str:
    """The header that an answer should have and has not."""
    for name, value in GUARDS.items():
        if not answer.headers.get(name, "").startswith(value):
            return name
    policy = answer.headers["Content-Security-Policy"]
    if "unsafe" in policy or not all(one in policy for one in CLOSED):
        return "unsafe"
    if not any(one in answer.headers.get("Cache-Control", "") for one in CACHES):
        return "Cache-Control"
    told = answer.headers.get("Content-Disposition", "")
    is_file = answer.headers.get("Content-Type", "").startswith(FILES)
    return "Content-Disposition" if is_file and not told.startswith("attachment; ") else ""


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_address_takes_anything_without_the_forms_token(method: str, ad: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ad)
    taken = {}
    for name, row in ROWS.items():
        answer = client.generic(method, reverse(name, kwargs=dict(row.given)), b"x=1")
        if answer.status_code not in {403, 405} and name not in BY_WORDS_OF_ITS_OWN:
            taken[name] = answer.status_code
    assert taken == {}


@pytest.mark.parametrize("next_", AWAY)
def test_nobody_is_led_elsewhere_after_a_login_a_logout_or_a_choice(ana: User, next_: str) -> None:
    asks = (
        ("/accounts/login/", {"login": "ana", "password": PASSWORD, "next": next_}),
        ("/accounts/theme/", {"theme": "luma", "next": next_}),
        ("/accounts/logout/", {"next": next_}),
    )
    client = Client()
    for address, given in asks:
        answer = client.post(f"{address}", given)
        where = answer.headers.get("Location", "/")
        assert where.startswith("/"), (address, where)
        assert not where.startswith(("//", "/\\", "/\t", "/\n")), (address, where)
