"""The Operations page: whom it is for, what it tells when all is well, and when it is not."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import NoReturn

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client, override_settings

from revops_site.kernel import clock, incidents, meters
from revops_site.kernel.models import Incident, User, Workspace
from tests.conftest import AsUser
from tests.kernel.test_health import beat

PART = re.compile(r"<tr[^>]*>\s*<th[^>]*>(.*?)</tr>", re.DOTALL)
SECRET = "pat.secret@globex.example"
SQL = f"""
    SELECT 'it''s {SECRET}', $$ {SECRET} $$, 12345.6, "t1"."id", t1.role -- {SECRET}
    FROM kernel_user AS t1 WHERE pg_sleep(0.03) IS NOT NULL OR email = %s /* {SECRET} */
"""


def words(markup: str) -> str:
    """What somebody reads of it."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def rows(text: str, part: str) -> list[str]:
    """The rows of a part's first table, as they are read."""
    found = text.partition(f'id="panel-{part}"')[2].partition("</section>")[0]
    return [words(row) for row in PART.findall(found.partition("<tbody")[2])]


def seen(client: Client, **headers: str) -> str:
    """The page as it is sent."""
    answer = client.get("/ops/", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_is_for_admins_who_have_it_in_their_menu(
    ad: User, dee: User, bo: User, vi: User, as_user: AsUser
) -> None:
    assert 'href="/ops/"' in as_user(ad).get("/glossary/").content.decode()
    for other in (dee, bo, vi):
        assert as_user(other).get("/ops/").status_code == 403
        assert 'href="/ops/"' not in as_user(other).get("/glossary/").content.decode()
    assert Client().get("/ops/").status_code == 302


def test_on_the_first_day_it_says_what_there_is_not_yet(
    ad: User, workspace: Workspace, as_user: AsUser, settings: LazySettings
) -> None:
    settings.SLOW_STATEMENT_MS = 500_000
    text = seen(as_user(ad))
    told = words(text)
    assert "Nothing was loaded yet." in told
    assert "No statement took that long." in told
    assert "No fault in two weeks." in told
    assert "No worker runs" in told
    assert any(row.startswith("Worker Does not work") for row in rows(text, "ops-parts"))


def test_each_part_says_how_it_is_and_leads_to_where_it_is_mended(
    ad: User, marketing_days: None, as_user: AsUser
) -> None:
    beat(5)
    text = seen(as_user(ad))
    parts = {row.split(" ")[0]: row for row in rows(text, "ops-parts")}
    assert set(parts) == {
        *("Database", "Tables", "Worker", "Disk", "Data", "Mail", "Audit", "Backups")
    }
    assert "connections" in parts["Database"]
    assert "Works 1 at work." in parts["Worker"]
    assert "Look at it" in parts["Backups"]
    for address in ("/data/", "/coaching/mails/", "/admin/kernel/auditevent/", "#panel-data-work"):
        assert f'{address}"' in text
    order = [row for row in rows(text, "ops-parts") if "Works" not in row]
    assert rows(text, "ops-parts")[: len(order)] == order, "what needs somebody comes first"


def test_slow_statements_are_listed_with_route_and_request_and_without_values(
    ad: User, as_user: AsUser, settings: LazySettings
) -> None:
    settings.SLOW_STATEMENT_MS = 20
    request = Client().get("/livez").wsgi_request
    request.request_id = "a-request-of-mine"  # type: ignore[attr-defined]
    with incidents.watched() as watch, connection.cursor() as cursor:
        cursor.execute(SQL, [SECRET])
    incidents.keep_slow(watch, request, "insights:home")
    (row,) = rows(seen(as_user(ad)), "ops-statements")
    assert "insights:home" in row
    assert "a-request-of-mine" in row
    assert 'SELECT ?, ?, ?, "t1"."id", t1.role FROM kernel_user AS t1' in row
    assert SECRET not in row
    assert "12345" not in row


def test_a_fault_is_listed_by_its_kind_and_line_and_not_by_its_words(
    ad: User, as_user: AsUser
) -> None:
    with override_settings(ROOT_URLCONF="tests.kernel.broken_urls"):
        answer = Client(raise_request_exception=False).get("/broken")
    (row,) = rows(seen(as_user(ad)), "ops-faults")
    assert "RuntimeError in tests/kernel/broken_urls.py, line" in row
    assert answer["X-Request-ID"] in row
    assert "a secret of ours" not in row


def test_incidents_are_forgotten_after_two_weeks(ad: User) -> None:
    for days in (1, 13, 15, 40):
        Incident.objects.create(
            kind="slow", at=clock.now() - timedelta(days=days), route="x", method="GET", text="?"
        )
    assert incidents.forget(clock.now()) == 2


def test_pages_are_listed_slowest_first_and_sorted_as_asked(
    ad: User, workspace: Workspace, as_user: AsUser
) -> None:
    client = as_user(ad)
    for counts in (meters.SECONDS, meters.REQUESTS, meters.DATABASE_SECONDS):
        counts.clear()  # of all tests that this process ran: only the slowest are listed
    client.get("/glossary/")
    client.get("/data/")
    assert any(row.startswith("insights:glossary ") for row in rows(seen(client), "ops-pages"))
    part = client.get(
        "/ops/?sort=page", headers={"HX-Request": "true", "HX-Target": "panel-ops-pages"}
    )
    text = part.content.decode()
    assert text.count("<section") == 1
    names = [row.split(" ")[0] for row in rows(text, "ops-pages")]
    assert names == sorted(names)


def test_a_part_that_fails_says_so_in_its_place(
    ad: User, workspace: Workspace, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> NoReturn:
        raise OSError("no such disk")

    monkeypatch.setattr("shutil.disk_usage", lambda place: broken())
    text = words(seen(as_user(ad)))
    assert "This part could not be computed." in text
    assert "No fault in two weeks." in text
