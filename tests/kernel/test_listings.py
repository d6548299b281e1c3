"""Long tables: searched, narrowed, grouped, ordered, paged, and taken along as they are shown."""

from __future__ import annotations

import csv
import html
import itertools
import json
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from insights.catalog import PAGES
from revops_site.kernel.filters import DIMENSIONS, Allowed, Filters, Slice, narrow
from revops_site.kernel.listings import Asked, Flag, Listing, answer, every_row
from revops_site.kernel.models import User, Workspace
from revops_site.kernel.panels import Shown
from tests import marketing_days as marketing
from tests.conftest import AsUser
from tests.kernel.listing_urls import DAYS

pytestmark = pytest.mark.urls("tests.kernel.listing_urls")

CHANNELS = ("Google Ads", "LinkedIn", "100% Organic", "Mail_Shot", "=HYPERLINK(1)")
SEGMENTS = ("SMB", "MM", "ENT")
MANY = tuple(
    f"2025-{5 + nth // 60:02}-{nth % 28 + 1:02},"
    f"{CHANNELS[nth % 5]},{('', 'Brand', 'Élan')[nth % 3]},"
    f"{SEGMENTS[nth % 3]},G{nth},{(nth % 7) * 100}.{nth % 3},1000,50,{nth % 11},6,4,3,1,"
    f"{'' if nth % 4 else 400},10,0.05,0.1,{'' if nth % 4 else 150}"
    for nth in range(120)
)
LISTINGS = [listing for page in PAGES for listing in page.listings]
ROW = re.compile(r"<tr[^>]*><th scope=\"row\".*?</tr>", re.DOTALL)
TAGS = re.compile(r"<[^>]+>")


@pytest.fixture
def page(as_user: AsUser, vi: User, workspace: Workspace, tmp_path: Path) -> Client:
    """A reader of 120 days, four in some days of each channel, with ties and unknown returns."""
    assert marketing.load(tmp_path, MANY).exit_code == 0
    return as_user(vi)


def text(client: Client, query: str = "", target: str = "", back: bool = False) -> str:
    headers = {"HX-Request": "true", "HX-Target": target} if target else {}
    if back:
        headers["HX-History-Restore-Request"] = "true"
    answer = client.get(f"/days/?{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def part(client: Client, query: str = "") -> str:
    """What a search would swap in."""
    shown = text(client, query, "table-days")
    assert shown.lstrip().startswith('<div id="table-days"'), shown[:200]
    return shown


def cells(shown: str) -> list[list[str]]:
    """The texts of the rows of a list's table."""
    found = [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in ROW.findall(shown)]
    return [[html.unescape(TAGS.sub("", cell)).strip() for cell in row] for row in found]


def firsts(shown: str) -> list[str]:
    return [row[0] for row in cells(shown)]


def said(shown: str) -> str:
    """The caption's line of count and sums."""
    found = re.search(r'<p class="sums num">(.*?)</p>', shown, re.DOTALL)
    assert found
    return " ".join(html.unescape(TAGS.sub(" ", found[1])).split())


def notices(shown: str) -> str:
    found = re.search(r'<div class="notice" role="status">(.*?)</div>', shown, re.DOTALL)
    return html.unescape(TAGS.sub(" ", found[1])).strip() if found else ""


def lines(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/days/panels/days.csv?{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(StringIO(answer.getvalue().decode(), newline="")))


def link(shown: str, of: str) -> str:
    found = re.search(of, shown)
    assert found, of
    return html.unescape(found[1])


def test_the_page_holds_its_panels_and_the_list_in_the_default_order(page: Client) -> None:
    shown = text(page)
    assert 'id="panel-channel-performance"' in shown
    assert 'id="listing-days"' in shown
    listed = shown[shown.index('id="listing-days"') :]
    assert len(cells(listed)) == 25
    assert "In USD." in listed
    assert "A note of the list." in listed
    assert cells(listed)[0][5].startswith("$600")
    assert re.search(r'aria-sort="descending"><a[^>]*>Spend', listed)
    assert 'title="What it is called in the ads."' in listed


def test_the_caption_counts_all_rows_and_sums_them(page: Client) -> None:
    rows = lines(page, "column=channel&column=leads&column=spend&column=roi")
    spend = sum(Decimal(row["spend"]) for row in rows)
    assert len(rows) == 120
    caption = said(part(page))
    assert caption.startswith("120 days")
    assert f"Spend ${spend:,.0f}" in caption
    assert f"Leads {sum(int(row['leads']) for row in rows):,}" in caption


def test_one_query_counts_and_sums_and_one_reads_a_page(page: Client) -> None:
    part(page, "q=warm")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        part(page)
    about = [one["sql"] for one in asked if "marketing_marketingday" in one["sql"]]
    assert len(about) == 2
    assert "SUM(" in about[0]
    assert "LIMIT 25" in about[1]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        part(page, "sort=date")
    assert len([one for one in asked if "marketing_marketingday" in one["sql"]]) == 1


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=google", 24),
        ("q=GOOGLE+brand", 8),
        ("q=brand+ads", 8),
        ("q=%C3%A9lan", 40),
        ("q=%25", 24),
        ("q=_", 24),
        ("q=\\", 0),
        ("q=100%25", 24),
        ("q='; drop", 0),
        ("flag=paid", 114),
        ("q=google&flag=paid", 22),
        ("segment=ENT", 40),
        ("segment=ENT&q=google", 8),
    ],
)
def test_search_quick_filters_and_filters_narrow_together(
    page: Client, query: str, count: int
) -> None:
    assert said(part(page, query)).startswith(f"{count} days")
    assert len(lines(page, query)) == count


def test_what_is_looked_for_may_be_of_any_length_and_hold_anything(page: Client) -> None:
    long = part(page, urlencode({"q": "x" * 10_000}))
    assert "Only the first 200 characters are searched for." in notices(long)
    nul = part(page, urlencode({"q": "goo\0gle"}))
    assert "Unprintable characters were left out" in notices(nul)
    assert said(nul).startswith("24 days")
    many = part(page, urlencode({"q": " ".join("abcdefghijklmnop")}))
    assert "Only the first 8 words are searched for." in notices(many)
    assert page.get("/days/?q=%ff%fe").status_code == 200


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("page=abc", "Page “abc” is no whole number; showing the first."),
        ("page=-1", "Page “-1” is no whole number; showing the first."),
        ("page=0", "Page “0” is no whole number; showing the first."),
        ("page=%C2%B2", "Page “²” is no whole number; showing the first."),
        ("page=1000000000000", "There are 5 pages; showing the last."),
        (f"page={'9' * 5000}", "There are 5 pages; showing the last."),
        ("sort=salary", "Order “salary” is unknown; showing the default."),
        ("sort=-key", "Order “-key” is unknown; showing the default."),
        ("sort=load__user__password", "Order “load__user__password” is unknown"),
        ("column=password", "Column “password” is unknown; it was left out."),
        ("flag=mine", "Quick filter “mine” is unknown; it was left out."),
        ("group=key", "Rows cannot be grouped by “key”; showing them one by one."),
        ("size=1000000", "A page holds 25 or 50 rows, not “1000000”."),
        ("sort=%00", "Order “"),
    ],
)
def test_what_cannot_be_used_is_said_and_the_default_shown(
    page: Client, query: str, notice: str
) -> None:
    for shown in (part(page, query), text(page, query)):
        assert html.unescape(shown).count(notice) == 1
        assert len(cells(shown[shown.index('id="table-days"') :])) in {20, 25}


def test_an_order_of_another_table_of_the_page_is_no_mistake(page: Client) -> None:
    shown = text(page, "sort=-cpl")
    assert "is unknown" not in shown
    assert re.search(r'aria-sort="descending"><a[^>]*>Spend', shown)


def test_unknown_values_stand_last_in_either_order(page: Client) -> None:
    for sort in ("roi", "-roi"):
        returns = [row["roi"] for row in lines(page, f"sort={sort}")]
        known = [Decimal(one) for one in returns if one]
        assert returns[len(known) :] == [""] * 90
        assert known == sorted(known, reverse=sort.startswith("-"))


def test_columns_are_chosen_in_the_lists_order_and_the_first_stays(page: Client) -> None:
    shown = part(page, "column=leads&column=date")
    heads = re.findall(r'<th scope="col".*?>([A-Z][a-z]+)', shown)
    assert heads == ["Channel", "Day", "Leads"]
    assert list(lines(page, "column=leads&column=date")[0]) == ["channel", "date", "leads"]
    only = lines(page, "column=channel")
    assert list(only[0]) == ["channel"]


def test_choosing_what_is_shown_anyway_leaves_the_address_bare(page: Client) -> None:
    chosen = urlencode([("column", name) for name in DAYS.default])
    answer = page.get(
        f"/days/?{chosen}&size=25&q=&group=&sort=&period=365d",
        headers={"HX-Request": "true", "HX-Target": "table-days"},
    )
    assert answer["HX-Push-Url"] == "/days/"


def test_an_address_says_filters_order_and_list_once_and_reads_back(page: Client) -> None:
    query = "segment=ENT&sort=date&q=google+ads&flag=paid&column=channel&column=leads&size=50"
    answer = page.get(
        f"/days/?{query}&page=1", headers={"HX-Request": "true", "HX-Target": "table-days"}
    )
    assert answer["HX-Push-Url"] == f"/days/?{query}".replace("sort=date&q", "sort=date&q")
    assert "HX-Target" in answer["Vary"]


def test_a_filter_keeps_the_search_and_a_search_keeps_the_filter(page: Client) -> None:
    shown = text(page, "segment=ENT&q=google&sort=date&flag=paid&page=2")
    chip = link(shown, r'<a class="chip" href="([^"]+)"[^>]*>Segment: ENT')
    assert dict(parse_qsl(chip.partition("?")[2])) == {
        "q": "google",
        "sort": "date",
        "flag": "paid",
    }
    fields = re.findall(r'<input[^>]*form="filters"[^>]*>', shown)
    assert any('name="q"' in one and 'value="google"' in one for one in fields)
    assert any('name="sort"' in one and 'value="date"' in one for one in fields)
    assert any('value="paid"' in one and "checked" in one for one in fields)
    assert '<input type="checkbox" name="segment" value="ENT" checked' in shown
    channels = link(shown, r'id="table-channel-performance-sort-2" href="([^"]+)"')
    kept = dict(parse_qsl(channels.partition("?")[2]))
    assert kept["q"] == "google"
    assert "page" not in kept


def test_a_swap_gives_the_part_the_list_or_all_of_it(page: Client) -> None:
    assert text(page, "", "listing-days").lstrip().startswith('<section id="listing-days"')
    assert text(page, "", "panels").lstrip().startswith('<div id="panels"')
    assert "<html" in text(page, "q=google", "table-days", back=True)
    whole = page.get("/days/panels/days/").content.decode()
    assert whole.lstrip().startswith('<section id="listing-days"')
    assert page.get("/days/panels/nights/").status_code == 404


def test_no_match_leaves_the_search_and_a_way_out(page: Client) -> None:
    shown = text(page, "segment=ENT&q=nothing+like+it&sort=date")
    assert 'value="nothing like it"' in shown
    assert "Nothing here matches." in shown
    way = link(shown, r'href="([^"]+)"[^>]*>Show all days')
    assert way == "/days/?segment=ENT&sort=date"


def test_filters_that_leave_nothing_say_so_for_the_whole_page(page: Client) -> None:
    shown = text(page, "period=custom&start=2020-01-01&end=2020-01-02")
    assert "Nothing to show" in shown
    assert 'id="listing-days"' not in shown


def test_a_list_without_data_says_what_it_needs(
    as_user: AsUser, vi: User, workspace: Workspace
) -> None:
    shown = as_user(vi).get("/days/panels/days/").content.decode()
    assert "needs a file of marketing_channels" in shown


def test_groups_add_up_to_the_whole_and_open(page: Client) -> None:
    shown = part(page, "group=channel")
    rows = cells(shown)
    assert sorted(row[0] for row in rows) == sorted(CHANNELS)
    assert [row[1] for row in rows] == ["24"] * 5
    assert said(shown).startswith("120 days")
    written = lines(page, "group=channel")
    assert list(written[0]) == ["channel", "rows", "spend", "leads"]
    total = sum(Decimal(row["spend"]) for row in lines(page))
    assert sum(Decimal(row["spend"]) for row in written) == total
    opens = link(shown, r'href="([^"]+)"[^>]*>100% Organic')
    assert opens == "/days/?group=channel&in=100%25+Organic"
    opened = part(page, opens.partition("?")[2])
    assert said(opened).startswith("24 days")
    assert "Channel: 100% Organic" in html.unescape(opened)
    back = link(opened, r'<a class="chip" id="open-days" href="([^"]+)"')
    assert back == "/days/?group=channel"


def test_a_group_that_a_filter_says_is_opened_by_the_filter(page: Client) -> None:
    shown = part(page, "group=segment&q=google")
    opens = link(shown, r'href="([^"]+)"[^>]*>Enterprise')
    assert opens == "/days/?segment=ENT&q=google"


def test_rows_without_a_value_are_a_group_that_opens_too(page: Client) -> None:
    shown = part(page, "group=campaign")
    assert firsts(shown)[-1] == "—" or "—" in firsts(shown)
    opens = link(shown, r'href="([^"]+)"[^>]*>—')
    assert opens == "/days/?group=campaign&in="
    assert said(part(page, opens.partition("?")[2])).startswith("40 days")


def test_groups_are_ordered_by_name_count_and_sum(page: Client) -> None:
    names = firsts(part(page, "group=channel&sort=channel"))
    assert names == sorted(names)
    spent = [Decimal(row["spend"]) for row in lines(page, "group=channel&sort=spend")]
    assert spent == sorted(spent)
    assert firsts(part(page, "group=channel&sort=-rows"))


@pytest.mark.parametrize("value", ["2025-05-03", "no day", "2025-02-31", "x" * 10_000])
def test_a_group_of_days_opens_by_the_day_alone(page: Client, value: str) -> None:
    shown = part(page, urlencode({"group": "date", "in": value}))
    assert (len(cells(shown)) > 0) == (value == "2025-05-03")
    assert ("Day: 3 May 2025" in shown) == (value == "2025-05-03")


def test_another_grouping_closes_the_open_group(page: Client) -> None:
    shown = part(page, "group=campaign&in=channel:LinkedIn")
    assert sorted(firsts(shown)) == sorted(["Brand", "Élan", "—"])
    same = part(page, "group=channel&in=channel:LinkedIn")
    assert said(same).startswith("24 days")


def test_a_name_leads_to_its_page_unless_a_part_of_the_address_is_missing(page: Client) -> None:
    shown = part(page, "q=mail&size=50")
    assert 'href="/marketing/channels/Mail_Shot/%C3%89lan/"' in shown
    assert "/marketing/channels/Mail_Shot//" not in shown


def test_a_code_is_said_in_words_and_narrows_the_page(page: Client) -> None:
    shown = part(page, "q=google&page=1")
    assert link(shown, r'href="([^"]+)"[^>]*>Enterprise') == "/days/?segment=ENT&q=google"


def test_a_number_that_filters_can_say_leads_to_its_explanation(page: Client) -> None:
    shown = part(page, "q=google&campaign=Brand")
    ways = re.findall(r'href="(/explain/[^"]+)"', shown)
    assert len(ways) == 8
    query = dict(parse_qsl(html.unescape(ways[0]).partition("?")[2]))
    assert query["channel"] == "Google Ads"
    assert query["campaign"] == "Brand"
    assert "q" not in query
    assert page.get(html.unescape(ways[0])).status_code == 200


def test_files_hold_the_rows_of_the_table_in_its_order(page: Client) -> None:
    query = "segment=ENT&q=o&sort=-roi&size=50&column=channel&column=date&column=roi"
    shown = firsts(part(page, query))
    base = "/days/panels/days"
    written = [row["channel"] for row in lines(page, query)]
    assert [one.removeprefix("'") for one in written][:50] == shown
    as_json = json.loads(page.get(f"{base}.json?{query}").getvalue())
    assert as_json["columns"] == ["channel", "date", "roi"]
    assert [row["channel"] for row in as_json["rows"]][:50] == shown
    assert as_json["about"]["filters"].startswith("segment=ENT")
    book = load_workbook(BytesIO(page.get(f"{base}.xlsx?{query}").getvalue()))
    sheet: list[tuple[Any, ...]] = list(book["Data"].iter_rows(values_only=True))
    assert list(sheet[0]) == ["channel", "date", "roi"]
    assert [row[0] for row in sheet[1:]][:50] == shown
    assert [row[2] for row in sheet[1:]] == [row["roi"] for row in as_json["rows"]]


def test_a_text_that_starts_a_formula_is_harmless_in_every_file(page: Client) -> None:
    query = "q=hyperlink"
    assert {row["channel"] for row in lines(page, query)} == {"'=HYPERLINK(1)"}
    book = load_workbook(BytesIO(page.get(f"/days/panels/days.xlsx?{query}").getvalue()))
    assert book["Data"]["A2"].value == "=HYPERLINK(1)"
    assert book["Data"]["A2"].data_type == "s"


def test_a_file_is_of_a_known_kind_and_leaves_while_it_is_read(page: Client) -> None:
    answer = page.get("/days/panels/days.csv")
    assert answer.streaming
    assert answer["Content-Disposition"] == 'attachment; filename="days-days-20250628.csv"'
    assert page.get("/days/panels/days.exe").status_code == 404


def test_links_to_files_say_filter_search_order_and_columns(page: Client) -> None:
    query = "segment=ENT&sort=date&q=google&column=channel&column=date"
    shown = part(page, f"{query}&size=50")
    assert link(shown, r'href="([^"]+\.csv[^"]*)"') == f"/days/panels/days.csv?{query}"


@pytest.mark.parametrize("seed", range(25))
def test_all_pages_together_hold_each_row_once_in_order_and_sums_are_theirs(
    page: Client, seed: int
) -> None:
    dice = random.Random(seed)
    names = [*DAYS.names, *(f"-{name}" for name in DAYS.names)]
    state: list[tuple[str, str]] = [("column", name) for name in DAYS.names]
    state += [("sort", dice.choice(names))] if dice.random() < 0.8 else []
    state += [("q", dice.choice(["o", "g a", "%", "é", "brand"]))] if dice.random() < 0.5 else []
    state += [("flag", "paid")] if dice.random() < 0.3 else []
    state += [("segment", dice.choice(["SMB", "ENT"]))] if dice.random() < 0.3 else []
    state += [("size", "50")] if dice.random() < 0.3 else []
    query = urlencode(state)
    written = lines(page, query)
    paged: list[list[str]] = []
    for number in itertools.count(1):
        shown = part(page, f"{query}&page={number}")
        if "showing the last" in notices(shown):
            break
        paged += cells(shown)
    assert [row[0] for row in paged] == [row["channel"].removeprefix("'") for row in written]
    assert [row[4] for row in paged] == [row["place"] for row in written]
    assert len({tuple(row.items()) for row in written}) == len(written)
    caption = said(part(page, query))
    assert caption.startswith(f"{len(written):,} days")
    if written:
        spend = sum((Decimal(row["spend"]) for row in written), Decimal(0))
        assert f"Spend ${spend.quantize(Decimal(1), 'ROUND_HALF_UP'):,}" in caption


@pytest.mark.parametrize("seed", range(40))
def test_any_address_is_read_and_its_one_address_reads_the_same(seed: int) -> None:
    dice = random.Random(seed)
    keys = ("q", "sort", "page", "size", "group", "in", "flag", "column", *DIMENSIONS)
    values = (
        *DAYS.names,
        "-spend",
        "50",
        "7",
        "",
        "paid",
        "last",
        "\0",
        "é",
        "ENT",
        "9" * 30,
        "=1",
    )
    query = urlencode(
        [(dice.choice(keys), dice.choice(values)) for _ in range(dice.randint(0, 12))]
    )
    first = Asked.parse(query, DAYS)
    again = Asked.parse(urlencode(list(first.pairs())), DAYS)
    assert again == first
    assert again.notices == ()


def test_a_list_without_search_and_groups_takes_none() -> None:
    asked = Asked.parse("q=x&group=date", _listing())
    assert list(asked.pairs()) == []
    assert asked.notices == ("Rows cannot be grouped by “date”; showing them one by one.",)


def test_sums_kept_elsewhere_are_taken_until_something_narrows(page: Client) -> None:
    listing = replace(DAYS, totals=lambda _: {"rows": 7_000, "spend": 1, "leads": 2})
    slice_ = everything()
    assert answer(listing, slice_, Asked(), 1).total == 7_000
    assert answer(listing, slice_, Asked(page=280), 1).number == 280
    assert answer(listing, slice_, Asked(q="google"), 1).total == 24


def test_a_quick_filter_may_look_at_other_rows(page: Client) -> None:
    none = Flag("None", Q(), rows=lambda slice_: DAYS.rows(slice_).filter(leads=0))
    listing = replace(DAYS, flags={"none": none})
    assert answer(listing, everything(), Asked(flags=("none",)), 1).total == 11


@pytest.mark.django_db
@pytest.mark.parametrize("listing", LISTINGS, ids=lambda one: one.slug)
def test_every_list_of_the_product_knows_its_columns_words_groups_and_filters(
    listing: Listing,
) -> None:
    slice_ = everything()
    for sort in listing.names:
        asked = Asked(sort=f"-{sort}", columns=listing.names, q="é%" if listing.search else "")
        assert list(every_row(listing, slice_, asked)) == []
    for group in listing.groups:
        for within in (None, "", "x", "2025-01-01"):
            assert answer(listing, slice_, Asked(group=group, within=within), 1).total == 0
    for name, flag in listing.flags.items():
        assert flag.label
        assert list(every_row(listing, slice_, Asked(flags=(name,)))) == []
    if listing.totals:
        assert {*listing.totals(slice_)} >= {"rows", *listing.sums}


def everything() -> Slice:
    return narrow(Filters(), Allowed(), date(2025, 6, 30), first_month=1, currency="USD")


@pytest.mark.parametrize(
    "wrong", [{"sort": "-b"}, {"sums": ("b",)}, {"groups": ("b",)}, {"hidden": ("a",)}, {"key": ()}]
)
def test_a_list_that_names_what_it_lacks_is_refused(wrong: dict[str, Sequence[str]]) -> None:
    with pytest.raises(ValueError, match="list"):
        _listing(**wrong)


def _listing(**options: Any) -> Listing:
    given: dict[str, Any] = {"columns": (Shown("a", "A"),), "key": ("a",), **options}
    return Listing(slug="list", title="", question="", rows=lambda _: DAYS.rows(_), **given)
