"""What people see on the Marketing page, whole and in parts."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from openpyxl import load_workbook

from marketing.panels import PAGE
from revops_site.kernel.models import User
from revops_site.kernel.panels import Panel
from tests import marketing_days as marketing
from tests.conftest import AsUser

SWAP = {"HX-Request": "true", "HX-Target": "panels"}


@pytest.fixture
def page(as_user: AsUser, vi: User, marketing_days: None) -> Client:
    return as_user(vi)


def text(client: Client, address: str = "/marketing/", **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(client: Client, slug: str, query: str = "") -> list[dict[str, object]]:
    found = json.loads(client.get(f"/marketing/panels/{slug}.json?{query}").content)["rows"]
    assert isinstance(found, list)
    return found


def figure(client: Client, field: str, query: str = "") -> object:
    return next(
        row["value"] for row in rows(client, "marketing-kpis", query) if row["field"] == field
    )


def test_the_head_names_the_day_and_the_fiscal_week(page: Client) -> None:
    shown = text(page)
    assert "30 Jun 2025" in shown
    assert "fiscal Q2 2025, week 13 of 13" in shown


def test_ratios_are_ratios_of_sums(page: Client) -> None:
    assert figure(page, "total_spend") == 10_500
    assert figure(page, "avg_cac") == pytest.approx(10_500 / 6)
    assert figure(page, "CPL") == pytest.approx(10_500 / 295)
    assert figure(page, "avg_roi") == pytest.approx((280_000 - 10_500) / 10_500 * 100)


@pytest.mark.parametrize(
    ("query", "spend"),
    [
        ("segment=ENT", 6_000),
        ("segment=ENT&segment=MM", 9_000),
        ("channel=Google+Ads", 4_500),
        ("campaign=Brand", 4_000),
        ("campaign=Brand&region=EU", 3_000),
        ("region=US", 1_500),
        ("period=30d", 6_500),
        ("period=this_month", 6_500),
        ("period=last_month", 4_000),
        ("period=custom&start=2025-05-12&end=2025-05-20", 4_000),
        ("period=custom&start=2025-05-13&end=2025-05-19", None),
        ("as_of=2025-06-09", 6_000),
    ],
)
def test_a_filter_narrows_every_number(page: Client, query: str, spend: int | None) -> None:
    if spend is None:
        assert rows(page, "marketing-kpis", query) == []
    else:
        assert figure(page, "total_spend", query) == spend
        assert (
            sum(float(str(row["spend"])) for row in rows(page, "channel-performance", query))
            == spend
        )


@pytest.mark.parametrize("panel", PAGE.panels, ids=lambda panel: panel.slug)
def test_a_campaign_filter_over_all_campaigns_changes_nothing(page: Client, panel: Panel) -> None:
    one = "channel=Google+Ads"
    assert rows(page, panel.slug, f"{one}&campaign=Brand&campaign=Summer") == rows(
        page, panel.slug, one
    )


@pytest.mark.parametrize("panel", PAGE.panels, ids=lambda panel: panel.slug)
def test_table_and_files_hold_the_same_rows(page: Client, panel: Panel) -> None:
    base = f"/marketing/panels/{panel.slug}"
    as_json = json.loads(page.get(f"{base}.json").content)
    sheet = load_workbook(BytesIO(page.get(f"{base}.xlsx").content))["Data"]
    csv = page.get(f"{base}.csv").content.decode().splitlines()
    assert tuple(as_json["columns"]) == panel.names
    assert csv[0] == ",".join(panel.names)
    assert len(as_json["rows"]) == sheet.max_row - 1 == len(csv) - 1 > 0
    first = [as_json["rows"][0][name] for name in panel.names]
    assert [cell.value for cell in sheet[2]] == first
    assert text(page, f"{base}/").count("<tr") == len(as_json["rows"]) + 1 or panel.tiles


def test_tiles_compare_with_the_period_before(page: Client) -> None:
    shown = text(page, "/marketing/?period=custom&start=2025-06-20&end=2025-06-30")
    assert "vs previous period" in shown
    by_field = {
        row["field"]: row for row in rows(page, "marketing-kpis", "period=30d&compare=none")
    }
    assert by_field["total_spend"]["previous"] is None


def test_a_period_before_the_first_day_is_not_compared_with(page: Client) -> None:
    assert "the data start later" in text(page)
    assert all(row["previous"] is None for row in rows(page, "marketing-kpis"))


def test_a_swap_gives_the_panels_alone_and_the_states_one_address(page: Client) -> None:
    answer = page.get("/marketing/?period=365d&compare=previous&segment=ENT", headers=SWAP)
    shown = answer.content.decode()
    assert shown.lstrip().startswith('<div id="panels"')
    assert "<html" not in shown
    assert answer["HX-Push-Url"] == "/marketing/?segment=ENT"
    assert "HX-Request" in answer["Vary"]


def test_the_rail_swaps_the_main_part(page: Client) -> None:
    shown = text(page, **{"HX-Request": "true", "HX-Target": "main"})
    assert shown.lstrip().startswith('<main id="main"')


def test_going_back_gives_a_whole_page(page: Client) -> None:
    shown = text(page, **{**SWAP, "HX-History-Restore-Request": "true"})
    assert "<html" in shown


def test_a_sort_gives_one_table_and_keeps_the_filters(page: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "table-channel-performance"}
    answer = page.get("/marketing/?segment=SMB&sort=channel", headers=headers)
    shown = answer.content.decode()
    assert shown.lstrip().startswith('<div id="table-channel-performance"')
    assert re.findall(r'aria-sort="(\w+)"', shown) == ["ascending"]
    assert answer["HX-Push-Url"] == "/marketing/?segment=SMB&sort=channel"
    assert shown.index("Google Ads") < shown.index("Organic Search")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("period=soon", "Period “soon” is unknown"),
        ("period=custom&start=2025-13-01&end=2025-12-01", "is not a date"),
        ("segment=HUGE", "Segment “HUGE” is unknown"),
        ("compare=never", "is unknown"),
        ("as_of=yesterday", "is not a date"),
        ("sort=-nonsense", "Order “-nonsense” is unknown"),
        ("as_of=2099-01-01", "The data end on 30 Jun 2025"),
        ("as_of=1999-01-01", "The data start on 12 May 2025"),
    ],
)
def test_a_bad_filter_falls_back_with_a_word(page: Client, query: str, says: str) -> None:
    assert says in text(page, f"/marketing/?{query}")


@pytest.mark.parametrize(
    "query",
    [
        "segment=%00&channel=%ff%fe&period=%27%3B--",
        "sort=-__class__&sort[]=x",
        "period=custom&start=0001-01-01&end=9999-12-31",
        "as_of=0001-01-01",
        "&".join(f"channel={n}" for n in range(500)),
        "segment=<script>alert(1)</script>",
    ],
)
def test_a_hostile_address_is_answered_in_peace(page: Client, query: str) -> None:
    shown = text(page, f"/marketing/?{query}")
    assert "<script>alert" not in shown


def test_a_filter_that_the_data_do_not_know_is_reported_not_ignored(
    page: Client, ana: User
) -> None:
    shown = text(page, "/marketing/?owner=ana&segment=SMB")
    assert "Owner: Ana Almeida (not applied to Marketing)" in shown
    assert "Marketing has no owner; other pages apply it." in shown
    assert figure(page, "total_spend", "owner=ana&segment=SMB") == 1_500


def test_a_rep_cannot_choose_a_colleague(
    as_user: AsUser, marketing_days: None, ana: User, cy: User
) -> None:
    shown = text(as_user(ana), "/marketing/?owner=cy")
    assert "Owner “cy” is unknown; it was left out." in shown
    assert "Cy Chen" not in shown


def test_a_click_on_a_channel_keeps_the_other_filters(page: Client) -> None:
    shown = text(page, "/marketing/panels/channel-performance/?segment=SMB&period=90d")
    links = re.findall(r'href="(/marketing/channels/Google[^"]*)"', shown)
    leads_to = urlsplit(links[0].replace("&amp;", "&"))
    assert leads_to.path == "/marketing/channels/Google%20Ads/"
    assert parse_qs(leads_to.query) == {"period": ["90d"], "segment": ["SMB"]}
    assert page.get(links[0].replace("&amp;", "&")).status_code == 200


def test_a_lead_that_costs_more_than_its_range_is_marked(page: Client) -> None:
    verdicts = {row["channel"]: row["verdict"] for row in rows(page, "lead-cost", "segment=ENT")}
    assert verdicts == {"LinkedIn": "high"}


def test_before_anything_was_loaded_the_page_says_what_it_needs(as_user: AsUser, vi: User) -> None:
    shown = text(as_user(vi))
    assert "No data yet" in shown
    assert "Marketing needs a file of marketing_channels." in shown


def test_where_nothing_matches_the_page_offers_to_clear_the_filters(page: Client) -> None:
    shown = text(page, "/marketing/?period=custom&start=2024-01-01&end=2024-01-31")
    assert "No rows match these filters." in shown
    assert "Nothing between 1 Jan 2024 and 31 Jan 2024." in shown


def test_an_unknown_panel_or_file_is_not_found(page: Client) -> None:
    assert page.get("/marketing/panels/none/").status_code == 404
    assert page.get("/marketing/panels/none.csv").status_code == 404
    assert page.get("/marketing/panels/funnel.exe").status_code == 404


def test_a_formula_in_a_name_stays_text_in_every_file(
    as_user: AsUser, vi: User, workspace: None, tmp_path: Path
) -> None:
    evil = '=HYPERLINK("http://x")'
    row = f'2025-06-30,"{evil.replace(chr(34), chr(34) * 2)}",c,SMB,US,5,5,5,5,5,5,5,5,1,1,1,1,0'
    marketing.load(tmp_path, (row,))
    client = as_user(vi)
    csv = client.get("/marketing/panels/channel-performance.csv").content.decode()
    assert f"'{evil[:10]}" in csv
    sheet = load_workbook(BytesIO(client.get("/marketing/panels/channel-performance.xlsx").content))
    assert sheet["Data"]["A2"].data_type == "s"


def test_a_load_is_seen_at_once(page: Client, tmp_path: Path) -> None:
    assert figure(page, "total_spend") == 10_500
    more = (*marketing.ROWS, "2025-07-01,Google Ads,Brand,SMB,US,500,1,1,1,1,1,1,1,500,500,1,1,0")
    marketing.load(tmp_path, more)
    assert figure(page, "total_spend") == 11_000
    assert "1 Jul 2025" in text(page)


def test_days_of_which_nobody_knows_the_segment_count_and_are_called_so(
    page: Client, tmp_path: Path
) -> None:
    unknown = "2025-06-30,Radio,Jingle,,US,700,0,0,7,0,0,0,1,,,,,"
    assert marketing.load(tmp_path, (*marketing.ROWS, unknown)).exit_code == 0
    assert figure(page, "total_spend") == 11_200
    groups = {row["segment"]: row["spend"] for row in rows(page, "by-segment")}
    assert groups[""] == 700
    assert list(groups) == ["SMB", "MM", "ENT", ""]
    shown = text(page)
    assert "Not named" in shown
    assert "Radio · Not named" in shown
