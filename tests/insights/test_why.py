"""Why a number changed: what people read, that its parts add up, and what a bad address gets."""

from __future__ import annotations

import csv
import html
import json
import math
import re
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from revops_site.kernel.models import User
from tests import pipeline_deals as deals
from tests.conftest import AsUser

JUNE = (
    "period=custom&start=2025-06-01&end=2025-06-30&against_start=2025-05-12&against_end=2025-05-31"
)


@pytest.fixture
def page(as_user: AsUser, vi: User, marketing_days: None) -> Client:
    return as_user(vi)


def source(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def words(shown: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", shown)).split())


def rows(client: Client, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(client.get(address).content)["rows"]
    return found


def test_a_sentence_names_what_explains_most(page: Client) -> None:
    # May: 4,000 for 160 leads; June: 6,500 for 135, of which LinkedIn's 55 cost 6,000.
    text = words(source(page, f"/why/marketing-cpl/?{JUNE}&by=channel"))
    assert (
        "Cost per lead rose by $23.15, from $25.00 to $48.15: cost per lead in Google Ads explains "
        "+$13.43 and mix of channels +$9.72." in text
    )
    assert "By channel, as chosen." in text
    assert "The parts add up to the change." in text


def test_both_ends_lead_to_their_rows(page: Client) -> None:
    shown = html.unescape(source(page, f"/why/marketing-spend/?{JUNE}"))
    assert 'href="/explain/marketing-spend/?period=custom&start=2025-06-01&end=2025-06-30"' in shown
    before = re.search(r'href="(/explain/marketing-spend/[^"]*start=2025-05-12[^"]*)"', shown)
    assert before
    assert "$4,000.00" in words(source(page, before[1]))


def test_contributors_lead_to_the_rows_behind_them(page: Client) -> None:
    shown = html.unescape(source(page, f"/why/marketing-spend/?{JUNE}&by=channel"))
    link = re.search(r'href="(/explain/marketing-spend/\?[^"]*channel=LinkedIn[^"]*)"', shown)
    assert link
    assert "$6,000.00" in words(source(page, link[1]))


def test_the_parts_of_an_amount_are_those_of_its_groups(page: Client) -> None:
    found = rows(page, f"/why/marketing-spend/panels/steps.json?{JUNE}&by=channel")
    parts = {row["label"]: row["value"] for row in found}
    assert parts == {"LinkedIn": 6000.0, "Google Ads": -3500.0, "Change": 2500.0}
    assert {row["group"] for row in found} == {"LinkedIn", "Google Ads", ""}


def test_files_hold_what_the_page_shows(page: Client) -> None:
    base = "/why/marketing-cpl/panels/groups"
    shown = rows(page, f"{base}.json?{JUNE}&by=channel")
    text = page.get(f"{base}.csv?{JUNE}&by=channel").content.decode("utf-8-sig")
    filed = list(csv.DictReader(StringIO(text)))
    sheet = load_workbook(BytesIO(page.get(f"{base}.xlsx?{JUNE}&by=channel").content)).worksheets[0]
    assert [row["group"] for row in shown] == [row["group"] for row in filed]
    for one, other in zip(shown, filed, strict=True):
        assert float(other["total"]) == pytest.approx(one["total"], rel=1e-12)
    assert sheet.max_row == len(shown) + 1
    change = math.fsum(row["total"] for row in shown)
    assert change == pytest.approx(6500 / 135 - 4000 / 160, rel=1e-12)


def test_the_change_is_that_of_the_tile(page: Client) -> None:
    query = "period=custom&start=2025-06-10&end=2025-06-30"
    tiles = rows(page, f"/marketing/panels/marketing-kpis.json?{query}")
    tile = next(row for row in tiles if row["field"] == "total_spend")
    found = rows(page, f"/why/marketing-spend/panels/steps.json?{query}")
    assert found[-1]["value"] == pytest.approx(tile["value"] - tile["previous"])


def test_a_tiles_change_leads_to_its_reasons(page: Client) -> None:
    shown = html.unescape(source(page, "/marketing/?period=custom&start=2025-06-10&end=2025-06-30"))
    link = re.search(r'<a class="why" href="(/why/marketing-spend/[^"]*)"', shown)
    assert link
    assert "Why spend changed" in words(source(page, link[1]))


def test_explanations_the_glossary_and_the_palette_lead_to_it(page: Client) -> None:
    query = "?period=30d"
    explained = html.unescape(source(page, f"/explain/marketing-spend/{query}"))
    assert 'href="/why/marketing-spend/?period=30d">Why did it change?' in explained
    assert 'href="/why/marketing-spend/"' in source(page, "/glossary/")
    assert "/why/marketing-spend/" in source(page, "/palette/?q=why+spend")


def test_days_to_compare_with_are_kept_by_every_link(page: Client) -> None:
    shown = html.unescape(source(page, f"/why/marketing-cpl/?{JUNE}&by=channel"))
    file = re.search(r'href="(/why/marketing-cpl/panels/steps\.csv[^"]*)"', shown)
    assert file
    assert "by=channel" in file[1]
    assert "against_start=2025-05-12&against_end=2025-05-31" in file[1]
    assert '<input type="hidden" name="against_start" value="2025-05-12">' in shown


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("compare=none", "Nothing is compared: choose a compared period"),
        ("period=all", "All time has nothing before it"),
        ("period=365d", "The data start on 12 May 2025, but the compared period on"),
        ("period=custom&start=2025-06-11&end=2025-06-12", "Cost per lead is not known for"),
        ("period=30d&against_start=2025-06-20&against_end=2025-06-01", "Cost per lead"),
        ("period=30d&against_start=nonsense&by=nonsense", "Cost per lead"),
    ],
)
def test_what_cannot_be_said_is_explained(page: Client, query: str, said: str) -> None:
    assert said in words(source(page, f"/why/marketing-cpl/?{query}"))


def test_a_median_says_why_not_and_what_is_nearest(as_user: AsUser, vi: User) -> None:
    from insights.panels.why import reasons
    from pipeline.metrics import MEDIAN_METRICS

    assert reasons.whole(MEDIAN_METRICS[0]).startswith("A median is no sum")
    assert reasons.nearest(MEDIAN_METRICS[0]) == "pipeline-cycle"


@pytest.mark.parametrize(
    "address",
    [
        "/why/no-such-number/",
        "/why/no-such-number/panels/steps.csv",
        "/why/marketing-spend/panels/no-such-panel.csv",
        "/why/marketing-spend/panels/steps.exe",
    ],
)
def test_what_does_not_exist_is_not_found(page: Client, address: str) -> None:
    assert page.get(address).status_code == 404


def test_a_rep_sees_no_groups_of_others(
    as_user: AsUser, ana: User, dee: User, cy: User, tmp_path: Any
) -> None:
    assert deals.load(tmp_path).exit_code == 0
    address = "/why/pipeline-total/panels/groups.json?by=owner&period=30d"
    everybody = {row["name"] for row in rows(as_user(dee), address)}
    own = {row["name"] for row in rows(as_user(ana), address)}
    assert own < everybody
    assert not any("Cy" in name for name in own)
