"""One number wherever it is read: tile, table, file, workbook, paper and API, on any filter."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings

from insights.catalog import PAGES
from revops_site.kernel.listings import Listing
from revops_site.kernel.models import User
from revops_site.kernel.panels import Page, Panel
from tests.conftest import AsUser
from tests.insights.api.one_number import (
    FILTERS,
    as_csv,
    as_xlsx,
    cell,
    printed,
    tiles_of,
)
from tests.insights.api.programs import program
from tests.insights.paper import cells_of, company, figures, kept

__all__ = ["company", "kept"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company"), pytest.mark.slow]
EVERY = pytest.mark.parametrize("page", PAGES, ids=[page.slug for page in PAGES])


@EVERY
@settings(max_examples=2, deadline=None, suppress_health_check=[*HealthCheck])
@given(asked=FILTERS)
def test_file_workbook_and_api_tell_the_same_rows(
    page: Page, asked: dict[str, str], dee: User, as_user: AsUser
) -> None:
    reader, client = as_user(dee), program(dee)
    every: list[Panel | Listing] = [*page.panels, *page.listings]
    for one in every:
        answer = client.get(f"/api/panels/{page.slug}/{one.slug}", asked).json()
        if "rows" not in answer:
            continue  # the page leaves out what a program is told: the filter fits no row
        rows = [[cell(row[name]) for name in answer["columns"]] for row in answer["rows"]]
        assert as_csv(reader, page, one.slug, asked) == [answer["columns"], *rows]
        assert as_xlsx(reader, page, one.slug, asked) == [answer["columns"], *rows]


@EVERY
@settings(max_examples=1, deadline=None, suppress_health_check=[*HealthCheck])
@given(asked=FILTERS)
def test_paper_has_every_figure_and_cell_of_its_page(
    page: Page, asked: dict[str, str], dee: User, as_user: AsUser
) -> None:
    address = f"{page.address}?{urlencode(asked)}"
    answer = as_user(dee).get(address)
    assert answer.status_code == 200, address
    shown = answer.getvalue().decode()
    assert "The rest of the page is not affected" not in shown, address
    paper = printed(dee, address)
    told = [*figures(shown), *cells_of(shown)]
    assert [one for one in told if one not in paper] == [], address


@EVERY
@settings(max_examples=2, deadline=None, suppress_health_check=[*HealthCheck])
@given(asked=FILTERS)
def test_tiles_show_what_the_api_tells(
    page: Page, asked: dict[str, str], dee: User, as_user: AsUser
) -> None:
    answer = as_user(dee).get(page.address, asked)
    client = program(dee)
    for slug, tiles in tiles_of(answer.getvalue().decode()).items():
        answered = client.get(f"/api/panels/{page.slug}/{slug}", asked).json()
        if "rows" not in answered:
            continue
        told = {row["metric"]: row["value"] for row in answered["rows"]}
        assert {*tiles} <= {*told}
        wrong = {
            name: (tile, told[name]) for name, tile in tiles.items() if not tile.is_(told[name])
        }
        assert wrong == {}, asked
