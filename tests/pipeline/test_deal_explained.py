"""Each figure of a deal's page leads to what it is made of, for those who may see the deal."""

from __future__ import annotations

import csv
import html
import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pipeline.datasets import PIPELINE_DEALS
from pipeline.metrics import DEAL_METRICS, DEAL_POINTS
from pipeline.panels.deal import address, explanation_of
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User
from tests.conftest import AsUser

BESIDE = {"HX-Request": "true", "HX-Target": "explain", "HX-Current-URL": "http://testserver/x/"}
MOST_QUERIES = 15
SLUGS = [one.slug for one in DEAL_METRICS]
ODD = "a/b c?d#e%f/panels/rows.csv"


@pytest.fixture(autouse=True)
def deals(ana: User, cy: User, pipeline_deals: None) -> None:
    """Ana's deals and Cy's, who is called Canary."""


def read(client: Client, slug: str, deal_id: str = "A1", query: str = "") -> str:
    """The words of an explanation, without its marks."""
    answer = client.get(f"{explanation_of(f'pipeline-deal-{slug}', deal_id)}{query}")
    assert answer.status_code == 200
    shown = answer.content.decode()
    main = shown[shown.index('id="explanation"') :]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


def test_every_figure_of_the_page_leads_to_its_explanation(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    page = client.get(address("A1")).content.decode()
    found = set(re.findall(r'href="(/explain/[^"]*)"', page))
    assert found == {explanation_of(slug, "A1") for slug in SLUGS}
    for url in found:
        assert client.get(html.unescape(url), headers=BESIDE).status_code == 200, url


def test_the_amount_is_told_with_its_rate(ana: User, as_user: AsUser) -> None:
    text = read(as_user(ana), "value", "A2")
    assert "value = amount * rate = 60,000 * 1.2 = $72,000.00" in text
    page = as_user(ana).get(address("A2")).content.decode()
    assert "€60,000" in page
    assert "$72,000" in page
    assert "= 40,000 * 1 = $40,000.00" in read(as_user(ana), "value", "A4")


def test_age_and_stay_are_told_in_days(ana: User, as_user: AsUser) -> None:
    assert "age_days = age_days = 60" in read(as_user(ana), "age")
    assert "days_in_stage = age_days - days_before_stage = 60 - 1 = 59" in read(
        as_user(ana), "stay"
    )
    assert "= 32" in read(as_user(ana), "left")
    assert "= 90" in read(as_user(ana), "age", "A4"), "a closed deal ages no more"


def test_health_is_the_sum_of_its_parts_and_each_says_why(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    page = client.get(address("A1")).content.decode()
    score = re.findall(r"pipeline-deal-health/[^>]*>(\d+)<", page)[0]
    text = read(client, "health")
    worked = re.findall(r"= ((?:\d+ \+ ){5}\d+) = (\d+)", text)[0]
    assert sum(map(int, worked[0].split(" + "))) == int(worked[1]) == int(score)
    assert "No activity so far." in text
    part = read(client, "stage-velocity")
    assert "59 days in its stage, which has no benchmark." in part
    assert "At most 25 of a hundred points" in part
    assert "No activity so far." not in part


def test_a_closed_deal_s_score_is_unknown(ana: User, as_user: AsUser) -> None:
    text = read(as_user(ana), "health", "A4")
    assert "— The sum of six components" in text
    assert "The deal has no score" in text


def test_similar_deals_are_the_rows_behind_their_win_rate(
    ana: User, dee: User, as_user: AsUser
) -> None:
    assert "= 2 / (2 + 2) = 50.00%" in read(as_user(dee), "alike")
    own = read(as_user(ana), "alike")
    assert "= 2 / (2 + 1) = 66.67%" in own
    assert "21–94%, n 3" in own
    assert "Canary" not in own


def test_a_past_day_is_not_explained_by_what_is_known_today(ana: User, as_user: AsUser) -> None:
    assert read(as_user(ana), "stay", query="?as_of=2025-05-05") == read(as_user(ana), "stay")


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
@pytest.mark.parametrize("slug", SLUGS)
def test_the_rows_behind_are_files(slug: str, kind: str, ana: User, as_user: AsUser) -> None:
    answer = as_user(ana).get(f"{explanation_of(slug, 'A1')}panels/rows.{kind}")
    assert answer.status_code == 200
    name = f'attachment; filename="{slug}-rows-20250630.{kind}"'
    assert answer["Content-Disposition"] == name
    content = answer.getvalue()
    ids = {"A4", "A6", "A7"} if slug.endswith("alike") else {"A1"}
    if kind == "csv":
        assert {row["deal_id"] for row in csv.DictReader(content.decode().splitlines())} == ids
    elif kind == "json":
        assert {row["deal_id"] for row in json.loads(content)["rows"]} == ids


@pytest.mark.parametrize("slug", SLUGS)
def test_a_figure_is_explained_with_few_queries_and_sql_that_runs(
    slug: str, ana: User, as_user: AsUser
) -> None:
    client = as_user(ana)
    client.get(explanation_of(slug, "A2"))
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(explanation_of(slug, "A1"), headers=BESIDE)
    assert len(asked) <= MOST_QUERIES, [one["sql"][:120] for one in asked.captured_queries]
    shown = answer.content.decode()
    sql = html.unescape(re.findall(r'<code id="explain-sql">(.*?)</code>', shown, re.DOTALL)[0])
    with connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.fetchall()


@pytest.mark.parametrize("slug", SLUGS)
def test_who_may_not_see_the_deal_finds_no_figure_of_it(
    slug: str, ana: User, bo: User, as_user: AsUser
) -> None:
    for who in (ana, bo):
        for url in (explanation_of(slug, "C1"), explanation_of(slug, "nowhere")):
            assert as_user(who).get(url).status_code == 404
            assert as_user(who).get(f"{url}panels/rows.csv").status_code == 404
    assert as_user(ana).get(explanation_of("pipeline-deal-luck", "A1")).status_code == 404
    assert as_user(ana).get(explanation_of("pipeline-total", "A1")).status_code == 404


def test_a_deal_of_any_id_is_explained_and_has_its_rows(dee: User, as_user: AsUser) -> None:
    odd = {"deal_id": ODD, "account_name": "Odd", "stage_name": "Demo", "status": "open"}
    odd |= {"created_at": "2025-06-01", "amount": "5", "segment": "SMB"}
    assert not rows.write(PIPELINE_DEALS, [odd], kind="sync", source="t", by=None).refused
    assert "= 29" in read(as_user(dee), "age", ODD)
    for slug in (SLUGS[0], next(iter(DEAL_POINTS.values())).slug):
        answer = as_user(dee).get(f"{explanation_of(slug, ODD)}panels/rows.csv")
        assert ODD in answer.getvalue().decode()


def test_deals_of_one_name_are_not_taken_for_each_other(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    assert "60 - 1 = 59" in read(client, "stay", "A1")
    assert "28 - 10 = 18" in read(client, "stay", "A3")
    first, second = (
        client.get(f"{explanation_of(SLUGS[0], one)}").content.decode() for one in ("A1", "A3")
    )
    assert "Corex" in second
    assert "Corex" not in first


def test_the_glossary_defines_them_and_leads_nowhere_without_a_deal(
    ana: User, as_user: AsUser
) -> None:
    glossary = as_user(ana).get("/glossary/").content.decode()
    for slug in SLUGS:
        assert f'id="{slug}"' in glossary
        assert f'href="/explain/{slug}/"' not in glossary
