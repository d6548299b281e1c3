"""3,000 guesses at one account, and 400 pairs of known and unknown names that are timed."""

from __future__ import annotations

import itertools
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connections
from django.test import Client

from revops_site.kernel.models import User

LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"
GUESSES, AT_ONCE, MOST_CHECKED = 3_000, 32, 10
PAIRS, PEOPLE, APART = 400, 100, 0.05
SPELLINGS = ("ana", "ANA", "Ana", " ana ", "ａｎａ", "ána", "anà", "ANA@EXAMPLE.COM")


class Counting(Argon2PasswordHasher):
    """Argon2 that counts what it was asked to check."""

    checked: ClassVar[list[str]] = []

    def verify(self, password: str, encoded: str) -> bool:
        """Whether it is the password."""
        self.checked.append(password)
        return bool(super().verify(password, encoded))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_3000_guesses_at_once_ten_at_most_get_as_far_as_the_password(
    ana: User, settings: LazySettings
) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    ana.set_password("a password that nobody guesses")
    ana.save()
    Counting.checked.clear()

    def guess(nth: int) -> int:
        try:
            spelling = SPELLINGS[nth % len(SPELLINGS)]
            answer = Client().post(
                LOGIN,
                {"login": spelling, "password": f"guess {nth}"},
                headers={"X-Forwarded-For": f"10.{nth % 256}.{nth // 256}.1"},
            )
            return answer.status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        answers = set(crowd.map(guess, range(GUESSES)))
    checked = len(set(Counting.checked))
    sys.stdout.write(f"\n{GUESSES} guesses, {AT_ONCE} at once: {checked} were checked")
    assert checked <= MOST_CHECKED
    assert answers <= {200, 429}, "nobody came in, and nothing failed"


@pytest.fixture
def people(settings: LazySettings) -> list[str]:
    """Accounts with passwords as in production; few guesses at each are made from one address."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    made = []
    for nth in range(PEOPLE):
        one = User(username=f"person{nth:03}", email=f"person{nth:03}@example.com")
        one.set_password(f"the password of person {nth}")
        one.save()
        made.append(one.username)
    return made


def _addresses() -> Iterator[str]:
    return (f"10.1.{high}.{low}" for high in range(256) for low in range(1, 255))


def _apart(known: Callable[[int, str], None], unknown: Callable[[int, str], None]) -> float:
    """By which share the medians differ; pairs in either order, so that noise meets both."""
    took: dict[bool, list[float]] = {True: [], False: []}
    chance, addresses = random.Random(1), _addresses()
    for nth in itertools.chain([0] * 5, range(PAIRS)):  # the first ones warm the house
        for is_known in chance.sample([True, False], 2):
            address = next(addresses)
            began = time.perf_counter()
            (known if is_known else unknown)(nth, address)
            took[is_known].append(time.perf_counter() - began)
    medians = [statistics.median(took[is_known][5:]) for is_known in (True, False)]
    sys.stdout.write(
        f"\n{PAIRS} pairs: known {medians[0] * 1000:.1f} ms, unknown {medians[1] * 1000:.1f} ms"
    )
    return abs(medians[0] / medians[1] - 1)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_known_name_and_an_unknown_one_take_as_long_to_be_refused(people: list[str]) -> None:
    def tried(name: str, address: str) -> None:
        answer = Client(REMOTE_ADDR=address).post(LOGIN, {"login": name, "password": "no such one"})
        assert answer.status_code == 200

    assert (
        _apart(
            lambda nth, address: tried(people[nth % PEOPLE], address),
            lambda nth, address: tried(f"nobody{nth % PEOPLE:03}", address),
        )
        < APART
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_a_reset_for_a_known_address_takes_as_long_as_for_an_unknown_one(people: list[str]) -> None:
    def asked(name: str, address: str) -> None:
        mail = {"email": f"{name}@example.com"}
        assert Client(REMOTE_ADDR=address).post(RESET, mail).status_code in {302, 429}

    assert (
        _apart(
            lambda nth, address: asked(people[nth % PEOPLE], address),
            lambda nth, address: asked(f"nobody{nth % PEOPLE:03}", address),
        )
        < APART
    )
