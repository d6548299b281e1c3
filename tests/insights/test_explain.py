"""A number explained: what people read, what they may see, and what a bad address gets."""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from insights.catalog import PAGES
from insights.panels.book import EXPLAINED, LEDGERS
from revops_site.kernel.models import User
from revops_site.kernel.panels import Page
from tests import pipeline_deals as deals
from tests.conftest import AsUser

BESIDE = {
    "HX-Request": "true",
    "HX-Target": "explain",
    "HX-Current-URL": "http://testserver/marketing/",
}
MOST_QUERIES = 10
OF_A_FORECAST = 30  # deals with their work, targets, what is kept of past quarters


@pytest.fixture
def page(as_user: AsUser, vi: User, marketing_days: None) -> Client:
    return as_user(vi)


@pytest.fixture
def two_reps(ana: User, cy: User, tmp_path: Path) -> None:
    """Ana's deals and Cy's, whose accounts are called Canary."""
    assert deals.load(tmp_path).exit_code == 0


def source(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, address
    return answer.content.decode()


def read(client: Client, address: str, **headers: str) -> str:
    """The words of an explanation, without its marks."""
    shown = source(client, address, **headers)
    main = shown[shown.index('id="explanation"') :]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


def test_an_explanation_says_what_the_number_is_and_puts_the_operands_in(page: Client) -> None:
    text = read(page, "/explain/marketing-cac/")
    assert "Marketing money spent for each new customer. Less is better." in text
    assert "avg_cac = spend / closed_won = $10,500.00 / 6 = $1,750.00" in text
    assert "closed_won Customers won 6" in text
    assert "Unknown where there is no new customer." in text
    assert "Definition M06." in text


def test_a_sum_needs_no_worked_formula(page: Client) -> None:
    assert "total_spend = spend = $10,500.00 spend Spend $10,500.00" in read(
        page, "/explain/marketing-spend/"
    )


def test_an_operand_below_zero_stands_in_brackets(page: Client) -> None:
    address = (
        "/explain/marketing-roi/?channel=LinkedIn&period=custom&start=2025-06-01&end=2025-06-05"
    )
    assert "= ($0.00 - $2,000.00) / $2,000.00 * 100 = −100%" in read(page, address)


def test_a_number_that_cannot_be_said_explains_why(page: Client) -> None:
    text = read(page, "/explain/marketing-cac/?campaign=Summer")
    assert "= $500.00 / 0 = —" in text
    assert "Unknown where there is no new customer." in text


def test_an_explanation_says_what_it_covers_and_how_old_that_is(page: Client) -> None:
    text = read(page, "/explain/marketing-leads/?channel=LinkedIn&period=this_month&segment=ENT")
    assert "Period 1 Jun 2025 to 30 Jun 2025" in text
    assert "Channel LinkedIn" in text
    assert "Segment ENT" in text
    assert "Money in USD" in text
    assert "As of 30 Jun 2025" in text
    assert re.search(r"Last loaded \d{4}-\d\d-\d\d \d\d:\d\d UTC", text)
    assert "Refused rows 0" in text


def test_a_filter_that_the_rows_do_not_know_is_said_not_to_be_applied(page: Client) -> None:
    text = read(page, "/explain/marketing-leads/?plan=Pro&min_days=30")
    assert "Plan Pro not applied: these rows do not know it" in text
    assert "Days in stage from 30 not applied" in text


def test_the_compared_period_stands_beside(page: Client) -> None:
    june = "/explain/marketing-spend/?period=custom&start=2025-06-01&end=2025-06-15"
    text = read(page, june)
    assert "$2,000.00 down −33% vs previous period, which had $3,000.00" in text
    assert "Compared with 17 May 2025 to 31 May 2025" in text
    assert "previous period" not in read(page, f"{june}&compare=none")


def test_nothing_is_compared_with_days_before_the_data(page: Client) -> None:
    assert "which had" not in read(page, "/explain/marketing-spend/?period=365d")


def test_a_share_says_how_sure_it_is(as_user: AsUser, vi: User, two_reps: None) -> None:
    text = read(as_user(vi), "/explain/pipeline-win-rate/")
    assert re.search(r"67% 21–94%, n 3 ", text), text[:200]


def test_a_value_is_shown_as_its_tile_shows_it_in_full(page: Client) -> None:
    tiles = source(page, "/marketing/panels/marketing-kpis/?segment=ENT")
    found = re.findall(r'title="([^"]*)"><a href="(/explain/[^"]*)"', tiles)
    assert len(found) == 8
    for exact, url in found:
        assert f'">{exact}</data>' in source(page, html.unescape(url))


def test_a_cell_leads_to_its_row_with_the_filters_of_the_page(page: Client) -> None:
    table = source(page, "/marketing/panels/channel-performance/?segment=ENT&compare=year")
    row = next(one for one in table.split("<tr data-key=") if one.startswith('"LinkedIn"'))
    assert '<a href="/explain/marketing-cac/?period=365d&amp;compare=year&amp;segment=ENT' in row
    (url,) = re.findall(r'href="(/explain/marketing-cac/[^"]*)"', row)
    assert "= $6,000.00 / 1 = $6,000.00" in read(page, html.unescape(url))


def test_a_week_that_the_period_cuts_leads_to_the_days_that_are_left(page: Client) -> None:
    dates = "period=custom&start=2025-05-14&end=2025-06-04"
    table = source(page, f"/marketing/panels/weekly-trend/?{dates}")
    keys = re.findall(r'<tr data-key="([^"]*)"', table)
    assert keys == ["2025-05-12", "2025-05-19", "2025-05-26", "2025-06-02"]
    urls = [
        html.unescape(url) for url in re.findall(r'href="(/explain/marketing-leads/[^"]*)"', table)
    ]
    assert "start=2025-05-14&end=2025-05-18" in urls[0]
    assert "start=2025-06-02&end=2025-06-04" in urls[-1]


def test_each_stage_of_the_funnel_is_a_number_of_its_own(page: Client) -> None:
    funnel = source(page, "/marketing/panels/funnel/")
    slugs = re.findall(r'href="/explain/([\w-]+)/', funnel)
    assert slugs == [
        f"marketing-{one}" for one in ("leads", "mqls", "sqls", "opportunities", "closed-won")
    ]


def test_beside_a_page_comes_a_part_that_leaves_the_address_alone(page: Client) -> None:
    answer = page.get("/explain/marketing-spend/?segment=ENT", headers=BESIDE)
    text = answer.content.decode()
    assert text.startswith('<aside id="explain"')
    assert "<html" not in text
    assert answer["HX-Push-Url"] == "false"
    assert 'href="/explain/marketing-spend/?segment=ENT" data-whole' in text


def test_the_rows_come_page_by_page_and_in_any_order(page: Client) -> None:
    first = source(page, "/explain/marketing-spend/?sort=-spend&size=50")
    amounts = re.findall(r'<td class="n"[^>]*>([\d,]+)</td><td>USD', first)
    assert amounts == ["4,000", "3,000", "2,000", "1,000", "500", "0"]
    part = {**BESIDE, "HX-Target": "table-rows"}
    answer = page.get("/explain/marketing-spend/?page=2", headers=part)
    assert answer.content.decode().startswith('<div id="table-rows"')
    assert answer["HX-Push-Url"] == "false"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_the_rows_are_files_of_exactly_this_part(page: Client, kind: str) -> None:
    answer = page.get(f"/explain/marketing-cac/panels/rows.{kind}?channel=LinkedIn&segment=ENT")
    assert (
        answer["Content-Disposition"]
        == f'attachment; filename="marketing-cac-rows-20250630.{kind}"'
    )
    content = answer.getvalue()
    if kind == "csv":
        spent = [float(row["spend"]) for row in csv.DictReader(content.decode().splitlines())]
    elif kind == "json":
        spent = [float(row["spend"]) for row in json.loads(content)["rows"]]
    else:
        head, *rows = load_workbook(BytesIO(content))["Data"].iter_rows(values_only=True)
        spent = [float(str(row[head.index("spend")])) for row in rows]
    assert spent == [2000, 4000]


def test_the_sql_can_be_read_and_run(page: Client) -> None:
    shown = source(page, "/explain/marketing-cac/?channel=Google+Ads")
    sql = html.unescape(re.findall(r'<code id="explain-sql">(.*?)</code>', shown, re.DOTALL)[0])
    assert "\nFROM" in sql
    assert "'Google Ads'" in sql
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names = [column.name for column in cursor.description or ()]
        assert float(cursor.fetchall()[0][names.index("spend")]) == 4500


def test_the_page_opens_in_the_same_state(page: Client) -> None:
    shown = source(page, "/explain/marketing-cac/?channel=LinkedIn&period=90d&sort=-spend")
    assert (
        'href="/marketing/?period=90d&amp;channel=LinkedIn">Open Marketing in this state' in shown
    )


def test_the_glossary_and_the_explanations_lead_to_each_other(page: Client) -> None:
    glossary = source(page, "/glossary/")
    for slug in EXPLAINED:
        assert f'href="/explain/{slug}/"' in glossary
    assert 'href="/glossary/#marketing-cac"' in source(page, "/explain/marketing-cac/")


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("channel=Billboards", "Channel “Billboards” is unknown; it was left out."),
        ("period=soon", "Period “soon” is unknown; showing the default."),
        ("as_of=2031-01-01", "The data end on 30 Jun 2025; showing that day."),
        ("segment=%00&sort=nonsense&page=x", "Order “nonsense” is unknown; showing the default."),
    ],
)
def test_what_cannot_be_used_of_an_address_is_said(page: Client, query: str, notice: str) -> None:
    text = read(page, f"/explain/marketing-spend/?{query}")
    assert notice in text
    assert "$10,500.00" in text


@pytest.mark.parametrize("slug", ["marketing-luck", "spend", "marketing-spend-", "_"])
def test_a_number_that_nobody_defined_is_not_found(page: Client, slug: str) -> None:
    assert page.get(f"/explain/{slug}/").status_code == 404
    assert page.get(f"/explain/{slug}/panels/rows.csv").status_code == 404


def test_before_anything_is_loaded_an_explanation_says_so(as_user: AsUser, vi: User) -> None:
    text = read(as_user(vi), "/explain/marketing-spend/")
    assert "Nothing is loaded yet." in text
    assert "There are none." in text


@pytest.mark.parametrize("slug", ["pipeline-total", "pipeline-won", "pipeline-velocity"])
def test_a_rep_s_explanation_is_of_the_rep_s_own_rows(
    as_user: AsUser, ana: User, vi: User, two_reps: None, slug: str
) -> None:
    own, all_ = (source(as_user(who), f"/explain/{slug}/?period=all") for who in (ana, vi))
    assert "Canary" in all_
    assert "Canary" not in own
    assert "'ana'" in html.unescape(own), "the SQL is the one that ran"
    assert "<dt>Rows of</dt><dd>Ana Almeida</dd>" in own
    assert (
        re.findall(r'<data value="([^"]*)"', own)[0]
        != re.findall(r'<data value="([^"]*)"', all_)[0]
    )
    for kind in ("csv", "json"):
        rows = as_user(ana).get(f"/explain/{slug}/panels/rows.{kind}?period=all").getvalue()
        assert b"Canary" not in rows
        assert b"Ana Almeida" in rows


def test_a_rep_who_asks_for_a_colleague_s_rows_gets_none(
    as_user: AsUser, ana: User, two_reps: None
) -> None:
    text = source(as_user(ana), "/explain/pipeline-total/?owner=cy")
    assert "Owner “cy” is unknown; it was left out." in text
    assert "Canary" not in text


def test_a_rep_whom_nobody_gave_an_id_sees_no_row_and_no_query(
    as_user: AsUser, ana: User, two_reps: None
) -> None:
    ana.rep = None
    ana.save()
    text = read(as_user(ana), "/explain/pipeline-total/")
    assert "Rows of nobody: no rep is assigned to you" in text
    assert "No query ran: no row can match." in text
    assert "There are none." in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_every_number_of_a_column_has_an_explanation(page: Page) -> None:
    for panel in page.panels:
        for shown in panel.columns:
            metrics = shown.metric if isinstance(shown.metric, Mapping) else {"": shown.metric}
            for metric in filter(None, metrics.values()):
                assert metric.slug in EXPLAINED, (panel.slug, shown.name)


def test_a_number_belongs_to_one_kind_of_rows_and_these_to_one_name() -> None:
    assert len(EXPLAINED) == sum(len(ledger.metrics) for ledger in LEDGERS)
    assert len({ledger.title for ledger in LEDGERS}) == len(LEDGERS)


@pytest.mark.parametrize("slug", EXPLAINED)
def test_a_number_is_explained_with_few_queries(
    as_user: AsUser, vi: User, two_reps: None, marketing_days: None, slug: str
) -> None:
    client = as_user(vi)
    client.get(f"/explain/{slug}/?period=last_year")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"/explain/{slug}/", headers=BESIDE)
    assert answer.status_code == 200
    many = EXPLAINED[slug][1].slug in {"forecast", "scored-deals"}
    most = OF_A_FORECAST if many else MOST_QUERIES
    assert len(asked) <= most, [one["sql"][:120] for one in asked.captured_queries]
