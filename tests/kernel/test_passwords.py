"""What a password must be, and that guessing it in parallel is no way past the count."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client, override_settings

from revops_site.kernel.models import AuditEvent, User
from tests.conftest import PASSWORD, AsUser

CHANGE = "/accounts/password/change/"


def says(client: Client, chosen: str) -> str:
    form = {"oldpassword": PASSWORD, "password1": chosen, "password2": chosen}
    answer = client.post(CHANGE, form)
    return "" if answer.status_code == 302 else answer.content.decode()


@override_settings(COMPANY_WORDS=["Acme", "rocket"])
@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ("short-one", "too short"),
        ("x" * 129, "longer than 128"),
        ("1qaz2wsx3edc", "too common"),
        ("ana@example.com", "too similar"),
        ("Rev0ps-2026-!!", "words that belong to the company"),
        ("ControlCenter1", "words that belong to the company"),
        ("AcmeRocket2026!", "words that belong to the company"),
        ("P@ssw0rd-acme-1", "words that belong to the company"),
    ],
)
def test_a_password_that_others_would_try_is_refused_with_the_reason(
    ana: User, as_user: AsUser, chosen: str, why: str
) -> None:
    assert why in says(as_user(ana), chosen)


@pytest.mark.parametrize(
    "chosen",
    ["four words of no company", "ü" * 6 + "ß漢字かな交", "x7!" * 42, "revops tangerine lantern"],
)
def test_any_long_phrase_will_do_without_rules_of_what_it_is_made_of(
    ana: User, as_user: AsUser, chosen: str
) -> None:
    assert says(as_user(ana), chosen) == ""


@pytest.mark.django_db(transaction=True)
def test_thirty_two_guesses_at_once_get_five_answers() -> None:
    User.objects.create_user("ana", "ana@example.com", PASSWORD, role="viewer")

    def guess(number: int) -> None:
        name = ("ana", "ANA", "ána", "ana@example.com")[number % 4]
        try:
            Client().post("/accounts/login/", {"login": name, "password": f"wrong {number}"})
        finally:
            connection.close()

    with ThreadPoolExecutor(32) as crowd:
        list(crowd.map(guess, range(32)))
    tried = AuditEvent.objects.filter(target="ana")
    assert tried.filter(action="login failed").count() == 5
    assert tried.filter(action="login refused").count() > 0
