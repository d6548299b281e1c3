"""A list of thousands of deals: page by page it is its file, in every order."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.test import Client

from revops_site.kernel.models import User, Workspace
from tests import pipeline_deals as deals
from tests.conftest import AsUser

MANY = 2_100
SIZE = 50
NAME = re.compile(r'<th scope="row"[^>]*>(?:<a [^>]*>)?Account (\d+)<')


@pytest.fixture
def page(as_user: AsUser, vi: User, workspace: Workspace, tmp_path: Path) -> Client:
    lines = tuple(
        f"D{nth:04},Account {nth},SMB,ana,Demo,{'' if nth % 7 == 0 else nth % 90},USD,2025-05-01,"
        f"2025-08-{1 + nth % 28:02},2025-05-02,,open,,LinkedIn,EMEA,new,,,"
        for nth in range(MANY)
    )
    assert deals.load(tmp_path, lines).exit_code == 0
    return as_user(vi)


def in_file(client: Client, query: str) -> list[str]:
    answer = client.get(f"/pipeline/panels/deals.csv?{query}")
    text = b"".join(answer).decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(text)))
    at = next(n for n, row in enumerate(found) if "account_name" in row)
    place = found[at].index("account_name")
    return [row[place].removeprefix("Account ") for row in found[at + 1 :]]


def on_page(client: Client, query: str, number: int) -> list[str]:
    answer = client.get(f"/pipeline/panels/deals/?{query}&size={SIZE}&page={number}")
    return NAME.findall(answer.getvalue().decode())


@pytest.mark.parametrize("sort", ["-value", "value", "close_date", "account_name", "owner_name"])
def test_each_page_of_a_long_list_is_what_its_file_has_there(page: Client, sort: str) -> None:
    whole = in_file(page, f"sort={sort}")
    assert sorted(map(int, whole)) == list(range(MANY))
    for number in (1, 2, 21, MANY // SIZE):
        start = (number - 1) * SIZE
        assert on_page(page, f"sort={sort}", number) == whole[start : start + SIZE]


def test_a_search_in_a_long_list_pages_too(page: Client) -> None:
    whole = in_file(page, "q=account&sort=-value")
    assert len(whole) == MANY
    assert on_page(page, "q=account&sort=-value", 3) == whole[2 * SIZE : 3 * SIZE]
