"""Each check of the data's quality finds exactly the rows it should, and its page shows them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping

import pytest
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from insights.queries import quality
from insights.rules.quality import CHECKS
from revops_site.kernel import freshness
from revops_site.kernel.models import User
from tests.insights import faults, files

pytestmark = pytest.mark.django_db

SLUGS = {check.slug: check for check in CHECKS}


@pytest.fixture(scope="module", params=["faults", "future"])
def company(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Mapping[str, set[str]]]:
    """A company that is loaded once for all tests here; gives what is to be found in it."""
    what, found = {
        "faults": (faults.FILES, faults.FOUND),
        "future": (faults.FUTURE, faults.FOUND_IN_FUTURE),
    }[request.param]
    with django_db_blocker.unblock(), transaction.atomic():
        files.load(tmp_path_factory.mktemp(request.param), what)
        yield found
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def reader(company: Mapping[str, set[str]]) -> Client:
    """Dee of RevOps, at the page."""
    client = Client()
    client.force_login(User.objects.create_user("dee", "dee@example.com", role="revops"))
    return client


def named(company: Mapping[str, set[str]], slug: str) -> set[str]:
    if slug not in company:
        pytest.skip("the other company has something for it")
    return company[slug]


def test_every_check_has_something_to_find_in_these_tests() -> None:
    assert set(faults.FOUND) | set(faults.FOUND_IN_FUTURE) == set(SLUGS)
    assert len(SLUGS) == len(CHECKS)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_check_counts_its_rows_and_no_others(company: Mapping[str, set[str]], slug: str) -> None:
    expected = named(company, slug)
    counts = quality.counted(CHECKS, freshness.workspace()).by_slug
    assert counts[slug].found == len(expected)
    assert counts[slug].found < counts[slug].total


@pytest.mark.parametrize("slug", SLUGS)
def test_the_link_of_a_check_shows_just_the_rows_that_it_counts(
    company: Mapping[str, set[str]], reader: Client, slug: str
) -> None:
    expected = named(company, slug)
    shown = reader.get(f"/data/quality/{slug}/").content.decode()
    assert shown.count('<th scope="row">') == len(expected)
    assert f"Rows 1 to {len(expected)} of {len(expected)}." in shown
    assert re.search(rf"{len(expected)} of \d+ rows of ", shown)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_file_of_a_check_holds_the_same_rows(
    company: Mapping[str, set[str]], reader: Client, slug: str
) -> None:
    expected = named(company, slug)
    answer = reader.get(f"/data/quality/{slug}.csv")
    header, *rows = csv.reader(answer.getvalue().decode().splitlines())
    assert tuple(header) == SLUGS[slug].columns
    assert {row[0] for row in rows} == expected
    assert len(rows) == len(expected)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_row_leads_to_where_it_can_be_looked_at(
    company: Mapping[str, set[str]], reader: Client, slug: str
) -> None:
    named(company, slug)
    shown = reader.get(f"/data/quality/{slug}/").content.decode()
    links = re.findall(r'<th scope="row"><a href="([^"]+)"', shown)
    assert links
    for link in links:
        assert reader.get(link.replace("&amp;", "&")).status_code == 200, link


def test_the_overview_has_the_numbers_of_the_checks(
    company: Mapping[str, set[str]], reader: Client
) -> None:
    shown = reader.get("/data/").content.decode()
    for slug in company:
        row = re.search(rf'<a href="/data/quality/{slug}/">.*?</tr>', shown, re.DOTALL)
        assert row is not None, slug
        assert f'<td class="n">{len(company[slug])}</td>' in row[0], slug
