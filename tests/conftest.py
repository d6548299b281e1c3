"""The people of the tests: Ana sells in EMEA, Bo manages her, Cy sells far off, Dee runs RevOps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from revops_site.kernel import freshness
from revops_site.kernel.auditing import rations
from revops_site.kernel.models import Rep, Team, User, Workspace
from tests import marketing_days as marketing
from tests import pipeline_deals as deals
from tests import revenue_customers as revenue

PASSWORD = "correct horse battery staple"

NEEDS = {"db", "transactional_db", "django_db_setup", "live_server"}
IMPURE = ("django_db", "browser", "slow")

AsUser = Callable[[User], Client]

# The same examples each time, however slow the machine: a change fails by what it changes alone.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs neither database, browser nor patience is pure: `make test-fast` runs it."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        marked = any(item.get_closest_marker(mark) for mark in IMPURE)
        starts_programs = hasattr(getattr(item, "module", None), "subprocess")
        if not (asked & NEEDS or marked or starts_programs):
            item.add_marker("pure")


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Each test starts with an empty cache, and nobody was refused anything yet."""
    cache.clear()
    rations.begin_anew()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def empty_queue(
    request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Jobs go with the test that committed them: Django empties the tables it manages alone."""
    yield
    marked = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marked and marked.kwargs.get("transaction")):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_periodic_defers")
            cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def workspace(db: None) -> Workspace:
    """The one workspace, with its defaults."""
    return freshness.workspace()


@pytest.fixture
def emea(db: None) -> Team:
    return Team.objects.create(name="EMEA")


@pytest.fixture
def apac(db: None) -> Team:
    return Team.objects.create(name="APAC")


@pytest.fixture
def ana(emea: Team) -> User:
    """A rep of EMEA."""
    rep = Rep.objects.create(rep_id="ana", name="Ana Almeida", team=emea, region="EMEA")
    return _person("ana", User.Role.REP, rep=rep)


@pytest.fixture
def bo(emea: Team) -> User:
    """The manager of EMEA."""
    return _person("bo", User.Role.MANAGER, team=emea)


@pytest.fixture
def cy(apac: Team) -> User:
    """A rep of another team."""
    rep = Rep.objects.create(rep_id="cy", name="Cy Chen", team=apac, region="APAC")
    return _person("cy", User.Role.REP, rep=rep)


@pytest.fixture
def dee(db: None) -> User:
    """RevOps."""
    return _person("dee", User.Role.REVOPS)


@pytest.fixture
def vi(db: None) -> User:
    """A viewer."""
    return _person("vi", User.Role.VIEWER)


@pytest.fixture
def ad(db: None) -> User:
    """An admin."""
    return _person("ad", User.Role.ADMIN)


@pytest.fixture
def as_user() -> AsUser:
    """A browser in which this person is logged in."""

    def logged_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return logged_in


@pytest.fixture
def marketing_days(workspace: Workspace, tmp_path: Path) -> None:
    """Seven weeks of marketing and some benchmarks, loaded as ops would."""
    assert marketing.load(tmp_path).exit_code == 0


@pytest.fixture
def pipeline_deals(workspace: Workspace, tmp_path: Path) -> None:
    """A dozen deals, their stages, rates and benchmarks, loaded as ops would."""
    folder = tmp_path / "pipeline"
    folder.mkdir()
    assert deals.load(folder).exit_code == 0


@pytest.fixture
def customers(workspace: Workspace, tmp_path: Path) -> None:
    """A few customers with 18 months of MRR, loaded as ops would."""
    assert revenue.load_all(tmp_path).exit_code == 0


def _person(name: str, role: str, **access: Rep | Team) -> User:
    return User.objects.create_user(
        name, f"{name}@example.com", PASSWORD, role=role, first_name=name.title(), **access
    )
