"""What more spend would bring, on the page: planted curves, silence with its reason, and scope."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test import Client

from insights.catalog import DATASETS
from insights.panels.campaigns.returns import PARTLY
from revops_site.kernel import loading
from revops_site.kernel.models import User, Workspace
from tests.conftest import AsUser
from tests.marketing_days import HEADER

MONDAY = date(2024, 7, 1)
WEEKS = 52
PAGE = "/marketing/saturation/"
YEAR = f"period=custom&start={MONDAY}&end={MONDAY + timedelta(days=7 * WEEKS - 1)}"
DEALS = (
    "deal_id,account,segment,owner,stage,amount,created_at,expected_close,last_stage_change,"
    "status,source_channel,probability"
)


@pytest.fixture
def company(workspace: Workspace, ana: User, tmp_path: Path) -> None:
    """Search saturates at 3,000 a week, Fairs bring 5 for 1 however much, Radio ran four weeks."""
    dice = np.random.default_rng(7)
    days, deals = [HEADER], [DEALS]
    for nth in range(WEEKS):
        day = MONDAY + timedelta(days=7 * nth)
        search, fairs = dice.uniform(500, 12_000, 2).round(2)
        gains = {
            "Search": (search, 90_000 * search / (search + 3_000) * dice.lognormal(0, 0.06)),
            "Fairs": (fairs, 5 * fairs * dice.lognormal(0, 0.06)),
            **({"Radio": (100.0, 900.0)} if nth < 4 else {}),
        }
        for channel, (spend, gain) in gains.items():
            days.append(f"{day},{channel},,SMB,US,{spend},0,0,0,0,0,0,0,,,,,")
            made = f"{day},2025-12-01,{day},open,{channel},"
            deals.append(f"{channel}{nth},Acme,SMB,ana,Demo,{gain:.2f},{made}")
    paths = []
    for name, lines in {"marketing_channels": days, "pipeline_deals": deals}.items():
        paths.append(tmp_path / f"{name}.csv")
        paths[-1].write_text("\n".join(lines) + "\n")
    report = loading.load(paths, DATASETS, strict=True)
    assert report.exit_code == 0, [(one.file, one.message, one.sample) for one in report.files]


def rows(client: Client, panel: str) -> list[dict[str, Any]]:
    answer = client.get(f"{PAGE}panels/{panel}.json?{YEAR}")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = json.loads(answer.getvalue())["rows"]
    return found


def test_each_channel_says_what_more_brings_or_why_it_cannot(
    company: None, as_user: AsUser, vi: User
) -> None:
    told = {row["channel"]: row for row in rows(as_user(vi), "saturation")}
    search = told["Search"]
    true = 90_000 * 3_000 / (search["spend"] + 3_000) ** 2
    assert search["low"] < search["marginal"] < search["high"]
    assert search["marginal"] == pytest.approx(true, rel=0.25)
    assert told["Fairs"]["marginal"] is None
    assert told["Fairs"]["reason"] == "A straight line explains the points as well."
    assert told["Radio"]["reason"] == "Too few points: 4 of at least 20."


def test_the_weeks_behind_a_curve_are_those_that_were_loaded(
    company: None, as_user: AsUser, vi: User
) -> None:
    weeks = rows(as_user(vi), "saturation-weeks")
    assert len(weeks) == 2 * (WEEKS - 1) + 4, "the last week is not over"
    assert {row["channel"] for row in weeks if row["fitted"] is not None} == {"Search"}
    assert sum(row["spend"] for row in weeks if row["channel"] == "Radio") == 400
    assert sum(row["pipeline"] for row in weeks if row["channel"] == "Radio") == 3_600
    fitted = [row["fitted"] for row in weeks if row["channel"] == "Search"]
    assert fitted == sorted(fitted), "more spend never brings less on a curve"


def test_what_more_brings_is_explained_by_its_curve_and_the_weeks_behind_it(
    company: None, as_user: AsUser, vi: User
) -> None:
    client = as_user(vi)
    (search,) = (row for row in rows(client, "saturation") if row["channel"] == "Search")
    page = unescape(client.get(f"{PAGE}?{YEAR}").content.decode())
    (cell,) = re.findall(r'href="(/explain/saturation-marginal-return/[^"]*=Search[^"]*)"', page)
    shown = unescape(client.get(cell).content.decode())
    assert f"${search['marginal']:,.2f}" in shown
    assert f"between ${search['low']:,.2f} and ${search['high']:,.2f}" in shown
    (sql,) = re.findall(r'<code id="explain-sql">(.*?)</code>', shown, re.DOTALL)
    with connection.cursor() as cursor:
        cursor.execute(sql)
        points = cursor.fetchall()
    assert len(points) == WEEKS - 1
    weeks = [row for row in rows(client, "saturation-weeks") if row["channel"] == "Search"]
    for at, total in enumerate(("spend", "pipeline"), start=1):
        assert float(sum(one[at] for one in points)) == pytest.approx(
            sum(row[total] for row in weeks)
        )
    nothing = unescape(client.get(cell.replace("=Search", "=Fairs")).content.decode())
    assert "Fairs: A straight line explains the points as well." in nothing


def test_who_sees_some_deals_alone_is_told_why_there_is_no_curve(
    company: None, as_user: AsUser, ana: User
) -> None:
    client = as_user(ana)
    assert rows(client, "saturation") == rows(client, "saturation-weeks") == []
    assert PARTLY in unescape(client.get(f"{PAGE}?{YEAR}").content.decode())
