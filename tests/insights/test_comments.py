"""Talks at panels: under the filters of an address, for those who may see the rows, no others."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from insights.models import Comment, CommentNews, Thread
from revops_site.kernel.models import AuditEvent, Team, User
from tests.conftest import AsUser

pytestmark = pytest.mark.django_db
STAGES = {"at": "/pipeline/", "panel": "stage-distribution"}


def body(answer: Any) -> str:
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def talk(client: Client, text: str = "Why so few?", reach: str = "team", **where: str) -> Thread:
    answer = client.post("/comments/", {**STAGES, **where, "text": text, "reach": reach})
    assert answer.status_code == 302, body(answer)
    return Thread.objects.order_by("-id")[0]


def seen(client: Client, **where: str) -> str:
    return body(client.get(f"/comments/?{urlencode({**STAGES, **where})}"))


def do(client: Client, thread: Thread, deed: str, text: str = "", **where: str) -> Any:
    return client.post(f"/comments/{thread.pk}/", {**STAGES, **where, "do": deed, "text": text})


def count(client: Client, address: str = "/pipeline/") -> str:
    """What the way to the comments of the panel says."""
    shown = client.get(address).content.decode()
    found = re.search(r'href="/comments/\?[^"]*stage-distribution">([^<]*)<', shown)
    assert found
    return found[1]


def unread(client: Client) -> int:
    """What every page says of the inbox."""
    found = re.search(
        r'num">(\d+)<span class="vh"> unread', client.get("/glossary/").content.decode()
    )
    return int(found[1]) if found else 0


def test_a_panel_counts_its_comments_and_leads_to_them(
    ana: User, bo: User, pipeline_deals: None, as_user: AsUser
) -> None:
    assert count(as_user(bo)) == "Comment"
    thread = talk(as_user(bo))
    assert count(as_user(bo)) == "1 comment"
    do(as_user(ana), thread, "reply", "Two were lost.")
    for reader in (ana, bo):
        assert count(as_user(reader)) == "2 comments"
        shown = seen(as_user(reader))
        assert "Why so few?" in shown
        assert "Two were lost." in shown
    alone = as_user(bo).get(
        "/pipeline/panels/stage-distribution/", headers={"HX-Request": "true", "HX-Target": "x"}
    )
    assert ">2 comments<" in alone.content.decode()


def test_a_talk_is_of_the_filters_and_the_day_of_its_address(
    ana: User, bo: User, pipeline_deals: None, as_user: AsUser
) -> None:
    client = as_user(bo)
    talk(client, at="/pipeline/?segment=SMB&as_of=2025-05-01&x=1")
    assert count(client) == "Comment"
    assert count(client, "/pipeline/?as_of=2025-05-01&segment=SMB") == "1 comment"
    assert "Why so few?" not in seen(client)
    shown = seen(client, at="/pipeline/?segment=SMB&as_of=2025-05-01")
    assert "Why so few?" in shown
    assert "Segment: SMB" in shown
    assert "As of: 1 May 2025" in shown


def test_a_stranger_neither_reads_nor_counts_nor_answers_a_team_s_talk(
    ana: User, bo: User, cy: User, dee: User, vi: User, pipeline_deals: None, as_user: AsUser
) -> None:
    thread = talk(as_user(bo), "Acme is as good as lost")
    said = thread.comments.get()
    assert count(as_user(cy)) == "Comment"
    assert "Acme" not in seen(as_user(cy))
    for deed in ("reply", "resolve", "reopen"):
        assert do(as_user(cy), thread, deed, "Hm").status_code == 404
    for deed in ("save", "delete"):
        way = f"/comments/said/{said.pk}/"
        assert as_user(cy).post(way, {**STAGES, "do": deed, "text": "x"}).status_code == 404
        assert as_user(ana).post(way, {**STAGES, "do": deed, "text": "x"}).status_code == 404
    for reader in (ana, dee, vi):
        assert "Acme" in seen(as_user(reader))


def test_who_sees_all_rows_says_who_reads_a_talk(
    ana: User, cy: User, dee: User, vi: User, pipeline_deals: None, as_user: AsUser
) -> None:
    talk(as_user(dee), "Ana’s deals slip", reach="all rows")
    talk(as_user(dee), "Look at the stages", reach="everybody")
    for reader in (ana, cy):
        shown = seen(as_user(reader))
        assert "slip" not in shown
        assert "Look at the stages" in shown
    assert "slip" in seen(as_user(vi))


def test_a_rep_cannot_write_for_people_who_see_other_rows(
    ana: User, pipeline_deals: None, as_user: AsUser
) -> None:
    for reach in ("everybody", "all rows", "x"):
        given = {**STAGES, "text": "My deals", "reach": reach}
        assert as_user(ana).post("/comments/", given).status_code == 422
    assert not Thread.objects.exists()


def test_who_leaves_a_team_leaves_its_talks(
    ana: User, bo: User, apac: Team, pipeline_deals: None, as_user: AsUser
) -> None:
    thread = talk(as_user(bo))
    do(as_user(ana), thread, "reply", "Two were lost.")
    do(as_user(bo), thread, "reply", "Which?")
    assert "Which?" in body(as_user(ana).get("/alerts/"))
    assert ana.rep
    ana.rep.team = apac
    ana.rep.save()
    assert "Why so few?" not in seen(as_user(ana))
    assert "Which?" not in body(as_user(ana).get("/alerts/"))


def test_who_takes_part_is_told_in_the_inbox_and_on_every_page(
    ana: User, bo: User, dee: User, pipeline_deals: None, as_user: AsUser
) -> None:
    thread = talk(as_user(bo))
    assert not CommentNews.objects.exists()
    do(as_user(ana), thread, "reply", "Two were lost.")
    assert [one.recipient for one in CommentNews.objects.all()] == [bo]
    assert unread(as_user(bo)) == 1
    inbox = body(as_user(bo).get("/alerts/"))
    assert "Two were lost." in inbox
    assert f"#talk-{thread.pk}" in inbox
    as_user(bo).post("/alerts/")
    assert unread(as_user(bo)) == 0
    do(as_user(bo), thread, "reply", "Which?")
    assert unread(as_user(ana)) == 1
    do(as_user(ana), thread, "reply", "Acme and Beta.")
    assert unread(as_user(ana)) == 0, "whoever answers has read"
    assert "Acme and Beta." not in body(as_user(dee).get("/alerts/")), "took no part"


def test_one_changes_and_takes_back_one_s_own_words(
    ana: User, bo: User, pipeline_deals: None, as_user: AsUser
) -> None:
    said = talk(as_user(bo)).comments.get()
    way, client = f"/comments/said/{said.pk}/", as_user(bo)
    given = {**STAGES, "do": "save", "seen": "1"}
    assert client.post(way, {**given, "text": "Why so many?"}).status_code == 302
    late = client.post(way, {**given, "text": "Why at all?"})
    assert late.status_code == 409
    assert "Why at all?" in body(late), "nothing that was typed is lost"
    assert "Why so many?" in seen(as_user(ana))
    client.post(way, {**STAGES, "do": "delete"})
    shown = seen(as_user(ana))
    assert "Why so many?" not in shown
    assert "Taken back." in shown
    assert count(client) == "Comment"
    assert client.post(way, {**given, "seen": "3", "text": "x"}).status_code == 404
    done = AuditEvent.objects.filter(action__startswith="comment").order_by("id")
    assert [one.action.split()[1] for one in done] == ["written", "changed", "deleted"]


def test_a_resolved_talk_is_folded_away_and_an_answer_opens_it_again(
    ana: User, bo: User, pipeline_deals: None, as_user: AsUser
) -> None:
    thread = talk(as_user(bo))
    do(as_user(ana), thread, "resolve")
    assert "1 resolved" in seen(as_user(bo))
    assert count(as_user(bo)) == "Comment"
    do(as_user(bo), thread, "reply", "Not yet.")
    assert "resolved" not in seen(as_user(bo)).lower().replace("resolve<", "")
    assert count(as_user(bo)) == "2 comments"


@pytest.mark.parametrize(
    ("text", "why"), [(" \n ", "Say something."), ("x" * 2001, "2,000 characters; this one has")]
)
def test_what_cannot_be_said_is_told_where_it_was_typed(
    text: str, why: str, bo: User, pipeline_deals: None, as_user: AsUser
) -> None:
    answer = as_user(bo).post("/comments/", {**STAGES, "text": text, "reach": "team"})
    assert answer.status_code == 422
    assert why in body(answer)
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "where",
    [
        {"at": "/nowhere/", "panel": "x"},
        {"at": "/pipeline/", "panel": "x"},
        {"at": "https://example.com/", "panel": "x"},
        {"at": "", "panel": ""},
    ],
)
def test_there_are_no_talks_where_there_is_no_panel(
    where: dict[str, str], dee: User, workspace: object, as_user: AsUser
) -> None:
    assert as_user(dee).get(f"/comments/?{urlencode(where)}").status_code == 404
    given = {**where, "text": "Hm", "reach": "everybody"}
    assert as_user(dee).post("/comments/", given).status_code == 404


def test_a_page_counts_comments_once(bo: User, pipeline_deals: None, as_user: AsUser) -> None:
    talk(as_user(bo))
    client = as_user(bo)
    with CaptureQueriesContext(connection) as asked:
        client.get("/pipeline/")
    of = [one for one in asked.captured_queries if "insights_thread" in one["sql"]]
    counts = [one for one in of if "insights_commentnews" not in one["sql"]]
    assert len(counts) == 1
