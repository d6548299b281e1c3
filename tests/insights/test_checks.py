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

SLUGS = {check.slug: check for check in CHECKS}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each check that has something to find in the company."""
    if "slug" in metafunc.fixturenames and metafunc.cls:
        metafunc.parametrize("slug", metafunc.cls.found)


@pytest.fixture(scope="class")
def company(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """The company, loaded once for all of a class."""
    with django_db_blocker.unblock(), transaction.atomic():
        files.load(tmp_path_factory.mktemp("company"), request.cls.files)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="class")
def reader(company: None) -> Client:
    """Dee of RevOps, at the page."""
    client = Client()
    client.force_login(User.objects.create_user("dee", "dee@example.com", role="revops"))
    return client


def test_every_check_has_something_to_find_in_these_tests() -> None:
    assert set(faults.FOUND) | set(faults.FOUND_IN_FUTURE) == set(SLUGS)
    assert len(SLUGS) == len(CHECKS)


@pytest.mark.django_db
@pytest.mark.usefixtures("company")
class Findings:
    """What holds for each check in a company that it has something to find in."""

    files: Mapping[str, files.Rows]
    found: Mapping[str, set[str]]

    def test_a_check_counts_its_rows_and_no_others(self, slug: str) -> None:
        counts = quality.counted(CHECKS, freshness.workspace()).by_slug
        assert counts[slug].found == len(self.found[slug])
        assert counts[slug].found < counts[slug].total

    def test_its_link_shows_just_the_rows_that_it_counts(self, reader: Client, slug: str) -> None:
        count = len(self.found[slug])
        shown = reader.get(f"/data/quality/{slug}/").content.decode()
        assert shown.count('<th scope="row">') == count
        assert f"Rows 1 to {count} of {count}." in shown
        assert re.search(rf"{count} of \d+ rows of ", shown)

    def test_its_file_holds_the_same_rows(self, reader: Client, slug: str) -> None:
        answer = reader.get(f"/data/quality/{slug}.csv")
        header, *rows = csv.reader(answer.getvalue().decode().splitlines())
        assert tuple(header) == SLUGS[slug].columns
        assert {row[0] for row in rows} == self.found[slug]
        assert len(rows) == len(self.found[slug])

    def test_every_row_leads_to_where_it_can_be_mended(self, reader: Client, slug: str) -> None:
        shown = reader.get(f"/data/quality/{slug}/").content.decode()
        links = re.findall(r'<th scope="row"><a href="([^"]+)"', shown)
        assert links
        for link in links:
            assert reader.get(link.replace("&amp;", "&")).status_code == 200, link

    def test_the_overview_has_the_numbers_of_the_checks(self, reader: Client) -> None:
        shown = reader.get("/data/").content.decode()
        for slug, found in self.found.items():
            row = re.search(rf'<a href="/data/quality/{slug}/">.*?</tr>', shown, re.DOTALL)
            assert row is not None, slug
            assert f'<td class="n">{len(found)}</td>' in row[0], slug


class TestFaults(Findings):
    """Rows that lack something, point at nothing, or are there twice."""

    files = faults.FILES
    found = faults.FOUND


class TestFuture(Findings):
    """Rows of days that have not come yet."""

    files = faults.FUTURE
    found = faults.FOUND_IN_FUTURE
