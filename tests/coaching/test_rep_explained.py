"""Numbers in the tables of a rep's page open what they rest on, and it is the same number."""

from __future__ import annotations

import html
import re
from collections import Counter

import pytest

from revops_site.kernel.models import User
from tests.coaching import reading
from tests.conftest import AsUser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
PAGE = "/coaching/reps/ana/"
TABLE = re.compile(r'<div id="table-(rep-[a-z]+)".*?</table>', re.DOTALL)
LINK = re.compile(r'<td[^>]*><a href="(/explain/[^"]+)"[^>]*>([^<]+)</a>')
VALUE = re.compile(r'<data value="[^"]*">([^<]*)')


@pytest.mark.parametrize("query", ["", "?segment=SMB", "?period=last_quarter"])
def test_each_number_of_a_rep_s_tables_is_the_one_that_is_explained(
    query: str, ana: User, as_user: AsUser
) -> None:
    client = as_user(ana)
    page = client.get(PAGE + query).content.decode()
    page = html.unescape(html.unescape(page)) if "&lt;div id=" in page else page
    found = Counter[str]()
    for table in TABLE.finditer(page):
        for way, shown in LINK.findall(table[0]):
            told = reading.text(client, html.unescape(way))
            values = [html.unescape(one).strip() for one in VALUE.findall(told)]
            assert values, way
            assert _same(shown, values[0]), (table[1], way, shown, values[0])
            found[table[1]] += 1
    assert {"rep-quarters", "rep-activity"} <= set(found)
    if not query:
        assert {"rep-drivers", "rep-stages"} <= set(found)


def _same(shown: str, told: str) -> bool:
    """Whether two texts of a number agree as far as the shorter one goes."""
    one, other = (float(re.sub(r"[^0-9.]", "", text) or "nan") for text in (shown, told))
    scale = 1000 if shown.endswith("K") else 1
    return abs(one * scale - other) <= max(0.5, 0.006 * other)


def test_the_priority_of_a_deal_is_explained_by_its_parts(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    (way,) = re.findall(
        r'href="(/explain/coaching-priority/deals/[^"?]+)"', client.get(PAGE).content.decode()
    )
    said = re.sub(r"<[^>]*>", " ", reading.text(client, way))
    (own,) = reading.widget(client, "/coaching/reps/ana/actions.json")
    assert f"{own['priority_score']:.1f}" in said
    for part in ("Health, of 30", "Silence, of 20", "Amount, of 20", "Flags, of 15"):
        assert part in said
    assert "the median of what was won in four quarters is" in said


def test_the_priority_of_a_stranger_s_deal_is_not_explained(
    ana: User, dee: User, as_user: AsUser
) -> None:
    way = "/explain/coaching-priority/deals/O-cy/"
    assert as_user(dee).get(way).status_code == 200
    assert as_user(ana).get(way).status_code == 404
    assert as_user(ana).get(f"{way}panels/rows.csv").status_code == 404
