"""Annotations: on all charts that hold their day, for those who may read them, no others."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from insights.catalog import PAGES
from insights.reports.figures import draw
from revops_site.kernel.models import Annotation, AuditEvent, User
from tests.conftest import AsUser

pytestmark = pytest.mark.django_db
NEW = "/annotations/new/"
GIVEN = {"text": "Price rise", "start": "2025-06-04", "end": "", "domain": "", "reach": "company"}
Clients = Callable[[User], Client]


def body(answer: Any) -> str:
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def note(client: Client, **given: str) -> Annotation:
    answer = client.post(NEW, {**GIVEN, **given})
    assert answer.status_code == 302, body(answer)
    return Annotation.objects.order_by("-id")[0]


def figures(client: Client, address: str) -> Mapping[str, dict[str, Any]]:
    """The figures of a page by their panel."""
    text = client.get(address).content.decode()
    found = re.findall(
        r'id="panel-([a-z-]+)" .*?(?:data-figure="([^"]*)"|</section>)', text, re.DOTALL
    )
    return {slug: json.loads(unescape(figure)) for slug, figure in found if figure}


def flags(client: Client, address: str, slug: str) -> list[str]:
    """What the flags of a chart say to a pointer."""
    drawn = figures(client, address)[slug]["layout"].get("annotations", [])
    return [unescape(one["hovertext"]) for one in drawn]


def test_a_chart_with_the_day_shows_it_as_a_numbered_line_and_in_words(
    marketing_days: None, dee: User, vi: User, as_user: AsUser
) -> None:
    note(as_user(dee), text="Price rise & <b>more</b>")
    answer = as_user(vi).get("/marketing/")
    assert "1 · 4 Jun 2025: Price rise & <b>more</b>, by Dee" in body(answer)
    drawn = figures(as_user(vi), "/marketing/")["weekly-trend"]["layout"]
    (line,), (flag,) = drawn["shapes"], drawn["annotations"]
    assert (line["x0"], line["x1"], line["line"]["dash"]) == ("2025-06-04", "2025-06-04", "dot")
    assert flag["text"] == "1", "not by colour alone"
    assert flag["hovertext"] == "4 Jun 2025: Price rise &amp; &lt;b>more&lt;/b>, by Dee"


def test_a_chart_of_other_days_or_of_no_days_does_not(
    marketing_days: None, dee: User, as_user: AsUser
) -> None:
    note(as_user(dee), start="2024-06-04")
    drawn = figures(as_user(dee), "/marketing/")
    assert drawn
    assert not any("shapes" in one["layout"] for one in drawn.values())
    note(as_user(dee))
    drawn = figures(as_user(dee), "/marketing/")
    assert "shapes" not in drawn["roi-by-channel"]["layout"]
    assert "shapes" in drawn["weekly-trend"]["layout"]


def test_what_lasted_is_a_band_and_what_began_before_the_chart_begins_at_its_edge(
    marketing_days: None, dee: User, as_user: AsUser
) -> None:
    note(as_user(dee), start="2024-01-01", end="2025-06-12", text="LinkedIn paused")
    layout = figures(as_user(dee), "/marketing/")["weekly-trend"]["layout"]
    (band,) = layout["shapes"]
    assert band["type"] == "rect"
    assert (band["x0"] > "2025-01-01", band["x1"]) == (True, "2025-06-12")


def test_it_is_in_charts_by_month_and_by_the_week_of_a_quarter_too(
    customers: None, pipeline_deals: None, dee: User, as_user: AsUser
) -> None:
    months = figures(as_user(dee), "/revenue/")["retention-trend"]
    names = months["data"][0]["x"]
    assert re.fullmatch(r"[A-Z][a-z]{2} \d{4}", names[-1])
    month = {"Jan": "01", "Feb": "02", "Mar": "03", "Apr": "04", "May": "05", "Jun": "06"}
    month |= {"Jul": "07", "Aug": "08", "Sep": "09", "Oct": "10", "Nov": "11", "Dec": "12"}
    name, year = names[-1].split()
    note(as_user(dee), start=f"{year}-{month[name]}-15")
    (line,) = figures(as_user(dee), "/revenue/")["retention-trend"]["layout"]["shapes"]
    assert line["x0"] == len(names) - 1, "the month around the day"


def test_a_domain_s_annotation_stands_on_its_pages_and_those_of_no_domain(
    marketing_days: None, pipeline_deals: None, dee: User, as_user: AsUser
) -> None:
    note(as_user(dee), domain="pipeline", text="New stages")
    note(as_user(dee), domain="marketing", text="LinkedIn paused")
    said = flags(as_user(dee), "/marketing/", "weekly-trend")
    assert said == ["4 Jun 2025: LinkedIn paused, by Dee"]


def test_a_private_one_is_its_author_s_alone_also_on_a_page_that_was_printed_for_both(
    marketing_days: None, dee: User, vi: User, ad: User, as_user: AsUser
) -> None:
    note(as_user(dee), reach="private", text="My own")
    assert len(flags(as_user(dee), "/marketing/", "weekly-trend")) == 1
    for other in (vi, ad):
        assert flags(as_user(other), "/marketing/", "weekly-trend") == []
        assert "My own" not in body(as_user(other).get("/annotations/"))


def test_a_team_s_is_read_by_the_team_and_by_who_sees_all_rows(
    marketing_days: None, ana: User, bo: User, cy: User, dee: User, vi: User, as_user: AsUser
) -> None:
    note(as_user(ana), reach="team", text="Fair in Berlin")
    for reader in (ana, bo, dee, vi):
        assert "Fair in Berlin" in body(as_user(reader).get("/annotations/"))
        assert len(flags(as_user(reader), "/marketing/", "weekly-trend")) == 1
    assert "Fair in Berlin" not in body(as_user(cy).get("/annotations/"))
    assert flags(as_user(cy), "/marketing/", "weekly-trend") == []


@pytest.mark.parametrize(
    ("who", "may_write"), [("ad", True), ("dee", True), ("bo", True), ("ana", False), ("vi", False)]
)
def test_who_writes_for_everybody(
    who: str, may_write: bool, request: pytest.FixtureRequest, as_user: AsUser
) -> None:
    answer = as_user(request.getfixturevalue(who)).post(NEW, GIVEN)
    assert answer.status_code == (302 if may_write else 422)
    assert Annotation.objects.exists() == may_write


def test_a_past_look_shows_what_was_written_by_that_day(
    marketing_days: None, dee: User, as_user: AsUser
) -> None:
    row = note(as_user(dee))
    past = "/marketing/?as_of=2025-06-20"
    assert flags(as_user(dee), past, "weekly-trend") == [], "nobody had written it by then"
    Annotation.objects.filter(pk=row.pk).update(written_at="2025-06-10T09:00:00Z")
    assert len(flags(as_user(dee), past, "weekly-trend")) == 1


def test_it_is_changed_by_its_author_and_by_nobody_who_came_too_late(
    dee: User, as_user: AsUser
) -> None:
    client = as_user(dee)
    row = note(client)
    way = f"/annotations/{row.pk}/"
    assert client.post(way, {**GIVEN, "text": "First", "seen": "1"}).status_code == 302
    late = client.post(way, {**GIVEN, "text": "Second", "seen": "1"})
    assert late.status_code == 409
    assert "It now says “First”" in body(late)
    assert 'value="Second"' in body(late), "nothing that was typed is lost"
    assert client.post(way, {**GIVEN, "text": "Second", "seen": "2"}).status_code == 302
    row.refresh_from_db()
    assert (row.text, row.version) == ("Second", 3)


def test_what_is_not_one_s_own_is_as_if_it_were_not_there(
    ana: User, bo: User, cy: User, dee: User, as_user: AsUser
) -> None:
    way = f"/annotations/{note(as_user(bo)).pk}/"
    private = f"/annotations/{note(as_user(ana), reach='private').pk}/"
    for stranger in (ana, cy):
        assert as_user(stranger).get(way).status_code == 404
        assert as_user(stranger).post(way, {**GIVEN, "seen": "1"}).status_code == 404
        assert as_user(stranger).post(way, {"do": "delete"}).status_code == 404
    assert as_user(dee).get(way).status_code == 200, "RevOps keeps what everybody reads"
    assert as_user(dee).get(private).status_code == 404


def test_a_deleted_one_can_be_brought_back(
    marketing_days: None, dee: User, as_user: AsUser
) -> None:
    client = as_user(dee)
    way = f"/annotations/{note(client).pk}/"
    shown = client.post(way, {"do": "delete"}, follow=True)
    assert "“Price rise” is deleted." in body(shown)
    assert flags(client, "/marketing/", "weekly-trend") == []
    client.post(way, {"do": "restore"})
    assert len(flags(client, "/marketing/", "weekly-trend")) == 1
    done = AuditEvent.objects.filter(action__startswith="annotation").order_by("id")
    assert [one.action.split()[1] for one in done] == ["written", "deleted", "restored"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"text": "  "}, "Say what happened that day."),
        ({"text": "x" * 141}, "at most 140 characters; this one has 141"),
        ({"start": ""}, "Give the day."),
        ({"start": "soon"}, "such as 2026-05-12"),
        ({"end": "2025-06-01"}, "The last day lies before the first."),
        ({"start": "0001-01-01"}, "Give a day from 1990 to 2100."),
        ({"domain": "weather"}, "Choose the pages"),
        ({"reach": "world"}, "Choose who reads it"),
    ],
)
def test_what_cannot_be_kept_is_told_and_stays_in_the_form(
    given: dict[str, str], why: str, dee: User, as_user: AsUser
) -> None:
    answer = as_user(dee).post(NEW, {**GIVEN, **given})
    assert answer.status_code == 422
    assert why in body(answer)
    assert not Annotation.objects.exists()


def test_a_page_asks_for_annotations_once(marketing_days: None, dee: User, as_user: AsUser) -> None:
    client = as_user(dee)
    note(client)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/marketing/").status_code == 200
    of = [one for one in asked.captured_queries if 'FROM "kernel_annotation"' in one["sql"]]
    assert len(of) == 1


def test_every_page_draws_with_one(
    marketing_days: None, pipeline_deals: None, customers: None, dee: User, as_user: AsUser
) -> None:
    client = as_user(dee)
    note(client, start="2024-01-01", end="2026-12-31")
    for page in PAGES:
        if page.address.startswith("/definitions"):
            continue
        answer = client.get(page.address)
        if answer.status_code == 200:
            assert "could not be" not in body(answer), page.address


def test_paper_shows_the_line_its_number_and_the_band() -> None:
    layout = {
        "shapes": [
            {"x0": 1, "x1": 2, "fillcolor": "--muted/15", "line": {"color": "--muted"}},
            {"x0": 0, "x1": 0, "line": {"color": "--muted"}},
        ],
        "annotations": [{"x": 1, "text": "7", "bordercolor": "--muted"}],
    }
    months = {"type": "bar", "x": ["Jan 2026", "Feb 2026", "Mar 2026"], "y": [1, 2, 3]}
    figure = {"data": [{**months, "marker": {"color": "--c1"}}], "layout": layout}
    drawn = draw(figure, 300, 150)
    assert drawn.count('stroke-dasharray="1.4 2"') == 2
    assert ">7</text>" in drawn
