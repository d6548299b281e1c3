"""Web processes that are killed, and backends of the database that are ended."""

from __future__ import annotations

import pytest
from django.db import connection

from insights.queries.annotations import Annotation
from revops_site.kernel.models import User, Workspace
from tests.conftest import PASSWORD
from tests.faults.served import Browser, eventually, token_of, web_server

ENDED = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def address() -> str:
    """The database of the tests."""
    host = connection.get_connection_params()["host"]
    return f"postgres://postgres@/{connection.settings_dict['NAME']}?host={host}"


def test_where_a_web_process_is_killed_another_one_comes() -> None:
    with web_server(address(), 2) as (port, server):
        browser = Browser(port)
        killed = server.children()[0]
        killed.kill()
        killed.wait()
        assert eventually(lambda: len(server.children()) == 2)
        assert eventually(lambda: {browser.ask("/livez").status for _ in range(20)} == {200})
        assert server.is_running()


def test_backends_that_are_ended_lose_nothing_that_was_acknowledged(dee: User) -> None:
    Workspace.objects.get_or_create(pk=1)
    with web_server(address()) as (port, _):
        browser = Browser(port)
        browser.enter("dee", PASSWORD)
        token = token_of(browser.ask("/annotations/new/"))
        answers = {}
        for nth in range(20):
            if nth % 4 == 3:
                with connection.cursor() as cursor:
                    cursor.execute(ENDED)
                    assert cursor.fetchone()[0] >= 1
            answers[f"note {nth}"] = browser.write(token, f"note {nth}")
    assert {one.status for one in answers.values()} <= {302, 503}
    acknowledged = {text for text, one in answers.items() if one.status == 302}
    assert len(acknowledged) >= 15
    assert acknowledged <= set(Annotation.objects.values_list("text", flat=True))
