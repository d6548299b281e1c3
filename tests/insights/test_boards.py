"""Boards: pages that people compose of panels, under filters of their own, shared to be read."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from insights.models import Board, BoardPanel
from revops_site.kernel.models import AuditEvent, Team, User
from tests.conftest import AsUser

pytestmark = pytest.mark.django_db
TREND = {"at": "/marketing/", "panel": "weekly-trend"}
STAGES = {"at": "/pipeline/", "panel": "stage-distribution"}


def body(answer: Any) -> str:
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def make(client: Client, name: str = "Monday", *panels: dict[str, str]) -> Board:
    answer = client.post("/boards/", {"name": name})
    assert answer.status_code == 302, body(answer)
    board = Board.objects.order_by("-id")[0]
    for panel in panels:
        assert do(client, board, "add", **panel).status_code == 302
    return board


def do(client: Client, board: Board, deed: str, **given: str) -> Any:
    """Change one thing, as the page of now does."""
    board.refresh_from_db()
    asked = {"do": deed, "seen": str(board.version), **given}
    return client.post(f"/boards/{board.pk}/edit/", asked)


def panels(client: Client, board: Board, query: str = "") -> list[str]:
    """The panels that stand there, in their order."""
    answer = client.get(f"/boards/{board.pk}/{query}", follow=True)
    assert answer.status_code == 200
    return re.findall(r'<section id="panel-([a-z-]+)"', answer.content.decode())


def test_a_panel_is_put_on_a_new_board_from_its_own_page(
    marketing_days: None, dee: User, as_user: AsUser
) -> None:
    client = as_user(dee)
    page = client.get("/marketing/").content.decode()
    found = re.search(r'href="(/boards/add/[^"]*weekly-trend)"', page)
    assert found
    asked = client.get(unescape(found[1]))
    assert "How do leads, MQLs and SQLs move?" in body(asked)
    client.post("/boards/add/", {**TREND, "board": "new", "name": "Monday"})
    board = Board.objects.get()
    assert (board.name, board.owner) == ("Monday", dee)
    assert panels(client, board) == ["weekly-trend"]


def test_a_board_shows_the_numbers_of_the_panel_s_own_page_and_their_days(
    marketing_days: None, pipeline_deals: None, dee: User, as_user: AsUser
) -> None:
    client = as_user(dee)
    board = make(client, "Both", TREND, STAGES)
    for panel in (TREND, STAGES):
        own = client.get(f"{panel['at']}panels/{panel['panel']}.csv").content
        there = client.get(f"/boards/{board.pk}/panels/{panel['panel']}.csv").content
        assert there == own
        narrowed = client.get(f"{panel['at']}panels/{panel['panel']}.csv?segment=SMB").content
        there = client.get(f"/boards/{board.pk}/panels/{panel['panel']}.csv?segment=SMB").content
        assert there == narrowed
    shown = body(client.get(f"/boards/{board.pk}/"))
    assert "Marketing, " in shown
    assert "As on each page" in shown


def test_panels_are_ordered_widened_and_removed(
    marketing_days: None, pipeline_deals: None, dee: User, as_user: AsUser
) -> None:
    client = as_user(dee)
    board = make(client, "Both", TREND, STAGES)
    do(client, board, "up", panel="stage-distribution")
    assert panels(client, board) == ["stage-distribution", "weekly-trend"]
    do(client, board, "down", panel="stage-distribution")
    do(client, board, "wide", panel="weekly-trend")
    shown = client.get(f"/boards/{board.pk}/").content.decode()
    assert re.search(r'id="panel-weekly-trend" class="card panel col-12"', shown)
    do(client, board, "half", panel="weekly-trend")
    shown = client.get(f"/boards/{board.pk}/").content.decode()
    assert re.search(r'id="panel-weekly-trend" class="card panel col-6"', shown)
    do(client, board, "remove", panel="weekly-trend")
    assert panels(client, board) == ["stage-distribution"]


def test_whoever_moves_a_panel_by_keys_keeps_the_focus(
    marketing_days: None, dee: User, as_user: AsUser
) -> None:
    client = as_user(dee)
    kpis = {"at": "/marketing/", "panel": "marketing-kpis"}
    board = make(client, "Three", TREND, STAGES, kpis)
    answer = do(client, board, "up", panel="marketing-kpis")
    focused = re.findall(
        r'value="(\w+)"[^>]* autofocus', client.get(answer["Location"]).content.decode()
    )
    assert focused == ["up"]
    answer = do(client, board, "up", panel="marketing-kpis")
    focused = re.findall(
        r'value="(\w+)"[^>]* autofocus', client.get(answer["Location"]).content.decode()
    )
    assert focused == ["down"], "it cannot go further up"


def test_a_board_opens_with_its_own_filters(
    marketing_days: None, dee: User, as_user: AsUser
) -> None:
    client = as_user(dee)
    board = make(client, "Paid", TREND)
    do(client, board, "narrow", query="segment=SMB&x=1")
    answer = client.get(f"/boards/{board.pk}/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/boards/{board.pk}/?segment=SMB"
    do(client, board, "narrow", query="")
    assert client.get(f"/boards/{board.pk}/").status_code == 200


def test_a_board_is_read_by_whom_it_is_shared_with_and_is_not_there_for_others(
    ana: User,
    bo: User,
    cy: User,
    vi: User,
    emea: Team,
    marketing_days: None,
    pipeline_deals: None,
    as_user: AsUser,
) -> None:
    board = make(as_user(bo), "EMEA", TREND, STAGES)
    ways = ("", "edit/", "copy/", "panels/weekly-trend/", "panels/weekly-trend.csv")
    for stranger in (ana, cy, vi):
        for way in ways:
            assert as_user(stranger).get(f"/boards/{board.pk}/{way}").status_code == 404
        assert "EMEA" not in body(as_user(stranger).get("/boards/")).split("Shared")[-1]
    do(as_user(bo), board, "share", team=str(emea.pk))
    do(as_user(bo), board, "share", role="viewer")
    for reader in (ana, vi):
        assert panels(as_user(reader), board) == ["weekly-trend", "stage-distribution"]
        assert f"/boards/{board.pk}/" in body(as_user(reader).get("/boards/"))
        assert as_user(reader).get(f"/boards/{board.pk}/edit/").status_code == 404
        assert do(as_user(reader), board, "delete").status_code == 404
    assert as_user(cy).get(f"/boards/{board.pk}/").status_code == 404
    share = board.shares.get(role="viewer")
    do(as_user(bo), board, "unshare", share=str(share.pk))
    assert as_user(vi).get(f"/boards/{board.pk}/").status_code == 404


def test_the_reader_of_a_shared_board_sees_what_their_own_rows_give(
    ana: User, dee: User, pipeline_deals: None, as_user: AsUser
) -> None:
    board = make(as_user(dee), "All", STAGES)
    do(as_user(dee), board, "share", role="rep")
    way = f"/boards/{board.pk}/panels/stage-distribution.json"
    theirs, all_ = (as_user(user).get(way).json() for user in (ana, dee))
    own = as_user(ana).get("/pipeline/panels/stage-distribution.json").json()
    assert theirs["rows"] == own["rows"]
    assert theirs["rows"] != all_["rows"]


def test_a_panel_that_is_no_longer_there_is_left_out_with_a_word(
    marketing_days: None, dee: User, as_user: AsUser
) -> None:
    client = as_user(dee)
    board = make(client, "Old", TREND)
    BoardPanel.objects.create(board=board, page="/marketing/", panel="gone-by-now", place=7)
    BoardPanel.objects.create(board=board, page="/nowhere/", panel="lost", place=8)
    shown = body(client.get(f"/boards/{board.pk}/"))
    assert "no longer there or not for you: gone by now, lost" in shown
    assert panels(client, board) == ["weekly-trend"]
    assert "gone by now" in body(client.get(f"/boards/{board.pk}/edit/"))
    assert do(client, board, "remove", panel="gone-by-now").status_code == 302


def test_an_empty_board_says_what_to_do(workspace: object, dee: User, as_user: AsUser) -> None:
    board = make(as_user(dee))
    assert "There is nothing on this board yet." in body(as_user(dee).get(f"/boards/{board.pk}/"))


def test_a_copy_is_one_s_own_and_shared_with_nobody(
    marketing_days: None, dee: User, vi: User, as_user: AsUser
) -> None:
    board = make(as_user(dee), "Paid", TREND)
    do(as_user(dee), board, "narrow", query="segment=SMB")
    do(as_user(dee), board, "share", role="viewer")
    assert as_user(vi).post(f"/boards/{board.pk}/copy/").status_code == 302
    mine = Board.objects.get(owner=vi)
    assert (mine.name, mine.query, mine.shares.count()) == ("Paid (copy)", "segment=SMB", 0)
    assert panels(as_user(vi), mine) == ["weekly-trend"]


def test_who_changes_what_was_changed_meanwhile_is_told_and_changes_nothing(
    marketing_days: None, dee: User, as_user: AsUser
) -> None:
    client = as_user(dee)
    board = make(client, "Monday", TREND, STAGES)
    board.refresh_from_db()
    seen = board.version
    do(client, board, "rename", name="Tuesday")
    late = do(client, board, "up", panel="stage-distribution", seen=str(seen))
    assert late.status_code == 409
    assert "changed elsewhere since you opened it" in body(late)
    assert panels(client, board) == ["weekly-trend", "stage-distribution"]


@pytest.mark.parametrize(
    ("deed", "given", "why"),
    [
        ("rename", {"name": " "}, "Give the board a name."),
        ("rename", {"name": "x" * 61}, "at most 60 characters; this one has 61"),
        ("add", TREND, "is on “Monday” already"),
        ("add", {"at": "/marketing/", "panel": "no-such"}, "no such panel"),
        ("up", {"panel": "no-such"}, "not on the board any more"),
        ("share", {"role": "king"}, "Choose a team or a role"),
        ("narrow", {"query": "segment=" + "x" * 150 + "&segment=y" * 1}, ""),
    ],
)
def test_what_cannot_be_done_is_told(
    deed: str, given: dict[str, str], why: str, marketing_days: None, dee: User, as_user: AsUser
) -> None:
    board = make(as_user(dee), "Monday", TREND)
    answer = do(as_user(dee), board, deed, **given)
    assert answer.status_code == (422 if why else 302)
    assert why in body(answer)


def test_there_is_an_end_to_boards_and_to_their_panels(dee: User, as_user: AsUser) -> None:
    client = as_user(dee)
    board = make(client)
    BoardPanel.objects.bulk_create(
        BoardPanel(board=board, page="/", panel=f"p{n}", place=n) for n in range(20)
    )
    full = do(client, board, "add", **TREND)
    assert full.status_code == 422
    assert "has 20 panels, which is the most there can be" in body(full)
    Board.objects.bulk_create(
        Board(owner=dee, name=f"b{n}", made_at="2025-06-30T00:00:00Z") for n in range(49)
    )
    answer = client.post("/boards/", {"name": "One more"})
    assert answer.status_code == 422
    assert "You have 50 boards" in body(answer)
    assert 'value="One more"' in body(answer)


def test_a_deleted_board_is_gone_and_what_was_done_is_on_record(
    marketing_days: None, dee: User, as_user: AsUser
) -> None:
    board = make(as_user(dee), "Monday", TREND)
    way = f"/boards/{board.pk}/"
    assert do(as_user(dee), board, "delete").status_code == 302
    assert as_user(dee).get(way).status_code == 404
    done = AuditEvent.objects.filter(action__startswith="board").order_by("id")
    assert [one.action for one in done] == ["board made", "board panel added", "board deleted"]


def test_boards_are_found_in_the_palette(dee: User, vi: User, as_user: AsUser) -> None:
    board = make(as_user(dee), "Monday numbers")
    assert f"/boards/{board.pk}/" in body(as_user(dee).get("/palette/?q=monday"))
    assert f"/boards/{board.pk}/" not in body(as_user(vi).get("/palette/?q=monday"))


def test_panels_are_found_by_the_words_of_their_names(
    workspace: object, dee: User, as_user: AsUser
) -> None:
    board = make(as_user(dee))
    shown = body(as_user(dee).get(f"/boards/{board.pk}/edit/?q=leads+mqls+move"))
    assert "How do leads, MQLs and SQLs move?" in shown
    assert "Where do leads get stuck?" not in shown
    nothing = body(as_user(dee).get(f"/boards/{board.pk}/edit/?q=zebra"))
    assert "No panel has all these words." in nothing


def test_a_board_is_printed_as_a_report_of_its_own(
    marketing_days: None, dee: User, cy: User, as_user: AsUser
) -> None:
    board = make(as_user(dee), "Monday", TREND)
    shown = as_user(dee).get(f"/reports/files/new/?address=/boards/{board.pk}/")
    assert shown.status_code == 200
    assert "Monday" in body(shown)
