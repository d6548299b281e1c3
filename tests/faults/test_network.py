"""A database behind a network that is cut, slow or silent: readers are told, and it heals."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from insights.queries.annotations import Annotation
from revops_site.kernel.models import User, Workspace
from tests.conftest import PASSWORD
from tests.faults.proxy import Network, network
from tests.faults.served import Answer, Browser, eventually, token_of, web_server

LONGEST = 20.0
PATHS = ("/annotations/", "/accounts/login/", "/glossary/", "/admin/", "/api/panels/", "/readyz")

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def net() -> Iterator[Network]:
    """The way to the database of the tests."""
    parameters = connection.get_connection_params()
    with network(Path(parameters["host"]) / ".s.PGSQL.5432") as one:
        yield one


@pytest.fixture
def served(net: Network, dee: User) -> Iterator[Browser]:
    """Dee, logged in at a web server whose database is behind the network."""
    Workspace.objects.get_or_create(pk=1)
    name = connection.settings_dict["NAME"]
    with web_server(f"postgres://postgres@127.0.0.1:{net.port}/{name}") as (port, process):
        browser = Browser(port, process)
        browser.enter("dee", PASSWORD)
        yield browser


@contextmanager
def asked(browser: Browser, *paths: str) -> Iterator[list[Answer]]:
    """What people are answered who ask at the same moment, while something is done; whole after."""
    answers: list[Answer] = []
    people = [
        threading.Thread(target=lambda path=path: answers.append(browser.ask(path)))
        for path in paths
    ]
    for one in people:
        one.start()
    yield answers
    for one in people:
        one.join()


def test_who_asks_while_the_network_is_silent_is_told_in_time_and_it_heals(
    net: Network, served: Browser
) -> None:
    assert served.ask("/annotations/").status == 200
    net.swallows = True
    with asked(served, *PATHS * 3) as answers:
        pass
    assert {one.status for one in answers} == {503}
    assert max(one.seconds for one in answers) < LONGEST
    assert served.ask("/livez").status == 200
    net.swallows = False
    net.cut()
    assert eventually(lambda: served.ask("/annotations/").status == 200, 10)


def test_a_line_that_falls_silent_within_a_statement_is_given_up_in_time(
    net: Network, served: Browser
) -> None:
    net.delay = 0.2
    with asked(served, "/annotations/") as answers:
        time.sleep(0.5)
        net.swallows = True
    assert [one.status for one in answers] == [503]
    assert answers[0].seconds < LONGEST
    net.swallows, net.delay = False, 0.0
    net.cut()
    assert eventually(lambda: served.ask("/annotations/").status == 200, 10)


def test_lines_that_were_cut_are_new_for_the_next_request(net: Network, served: Browser) -> None:
    token = token_of(served.ask("/annotations/new/"))
    kept = []
    for nth in range(20):
        if nth % 3 == 2:
            net.cut()
        answer = served.write(token, f"note {nth}")
        assert answer.status in {302, 503}
        kept += [f"note {nth}"] if answer.status == 302 else []
    assert len(kept) == 20, "a line is looked at before it is used"
    assert sorted(Annotation.objects.values_list("text", flat=True)) == sorted(kept)


def test_a_line_that_is_cut_while_it_is_used_loses_nothing_that_was_acknowledged(
    net: Network, served: Browser
) -> None:
    token = token_of(served.ask("/annotations/new/"))
    net.delay = 0.01
    ends = threading.Event()

    def cutting() -> None:
        while not ends.wait(0.35):
            net.cut()

    cutter = threading.Thread(target=cutting)
    cutter.start()
    answers = {f"note {nth}": served.write(token, f"note {nth}") for nth in range(25)}
    ends.set()
    cutter.join()
    assert {one.status for one in answers.values()} <= {302, 503}
    assert all(one.headers["retry-after"] for one in answers.values() if one.status == 503)
    acknowledged = {text for text, one in answers.items() if one.status == 302}
    assert acknowledged <= set(Annotation.objects.values_list("text", flat=True))


def test_a_slow_network_makes_pages_slow_and_nothing_else(net: Network, served: Browser) -> None:
    net.delay = 0.1  # there and back: 200 ms for each question
    began = time.monotonic()
    assert served.ask("/annotations/").status == 200
    assert time.monotonic() - began < LONGEST


def test_who_is_being_answered_when_the_server_is_told_to_stop_gets_the_answer(
    net: Network, served: Browser
) -> None:
    net.delay = 0.15
    assert served.process is not None
    with asked(served, "/annotations/") as answers:
        time.sleep(0.6)
        served.process.terminate()
    assert [one.status for one in answers] == [200]
    assert served.process.wait(30) == 0
