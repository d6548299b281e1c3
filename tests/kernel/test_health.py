"""Who may know how the service is, and what it says when a part of it is not well."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from revops_site.kernel import health


def beat(seconds_ago: float) -> None:
    """A worker reported back so long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


def test_the_process_is_alive_without_asking_the_database() -> None:
    response = Client().get("/livez")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/readyz", "/health"])
def test_it_is_ready_when_every_part_works(path: str) -> None:
    beat(5)
    response = Client().get(path)
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "parts": {"database": True, "migrations": True, "disk": True, "worker": True},
    }


@pytest.mark.django_db
def test_it_is_not_ready_without_a_worker_that_reported_back() -> None:
    beat(600)
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["parts"] == {
        "database": True,
        "migrations": True,
        "disk": True,
        "worker": False,
    }


@pytest.mark.django_db
def test_it_is_not_ready_with_tables_of_an_older_release() -> None:
    beat(5)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'marketing'")
    parts = Client().get("/readyz").json()["parts"]
    assert [name for name, well in parts.items() if not well] == ["migrations"]


@pytest.mark.django_db
def test_it_is_not_ready_when_the_disk_is_nearly_full(monkeypatch: pytest.MonkeyPatch) -> None:
    beat(5)
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 2**80)
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["parts"]["disk"] is False


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/health"])
def test_health_is_only_read(path: str) -> None:
    assert Client().post(path).status_code == 405
