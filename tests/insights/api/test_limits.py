"""How much a program may ask in a minute, each token by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from insights.models import AskedMinute
from insights.tasks import forget_old_answers
from revops_site.kernel.models import User
from tests.conftest import AsUser
from tests.insights.api.programs import PROBLEM, program, told

pytestmark = pytest.mark.django_db
URL = "/api/sync/status"


@pytest.fixture
def few(settings: Any) -> None:
    settings.API_REQUESTS_A_MINUTE = 3


def codes(client: Client, times: int) -> list[int]:
    return [client.get(URL).status_code for _ in range(times)]


def a_minute_later() -> None:
    AskedMinute.objects.update(minute=F("minute") - timedelta(minutes=1))


def spent(client: Client) -> bool:
    """Whether it has asked so much that it has to wait; a minute may begin in the middle."""
    found = codes(client, 8)
    assert set(found) <= {200, 429}
    return 429 in found


@pytest.mark.usefixtures("few")
def test_whoever_asks_too_often_is_told_when_to_come_again(dee: User) -> None:
    client = program(dee)
    assert spent(client)
    answer = client.get(URL)
    if answer.status_code == 200:  # the minute was over just then
        assert spent(client)
        answer = client.get(URL)
    assert (answer.status_code, answer["Content-Type"]) == (429, PROBLEM)
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert "3 requests in a minute" in answer.json()["detail"]
    a_minute_later()
    assert codes(client, 1) == [200]


@pytest.mark.usefixtures("few")
def test_each_token_and_each_login_is_counted_by_itself(dee: User, as_user: AsUser) -> None:
    one, other, browser = program(dee), program(dee), as_user(dee)
    assert spent(one)
    assert codes(other, 1) == codes(browser, 1) == [200]
    assert spent(browser)
    assert codes(other, 1) == [200]
    assert AskedMinute.objects.count() == 3


def test_zero_is_as_often_as_they_like(dee: User, settings: Any) -> None:
    settings.API_REQUESTS_A_MINUTE = 0
    assert codes(program(dee), 8) == [200] * 8
    assert not AskedMinute.objects.exists()


@pytest.mark.usefixtures("few")
def test_a_count_of_long_ago_is_forgotten(dee: User) -> None:
    codes(program(dee), 1)
    forget_old_answers(timestamp=0)
    assert AskedMinute.objects.exists()
    AskedMinute.objects.update(minute=F("minute") - timedelta(days=2))
    forget_old_answers(timestamp=0)
    assert not AskedMinute.objects.exists()


def test_the_document_tells_of_it_at_every_address(dee: User) -> None:
    made = told(program(dee), "openapi.json")
    for ways in made["paths"].values():
        for one in ways.values():
            assert one["responses"]["429"]["headers"]["Retry-After"]["required"]
