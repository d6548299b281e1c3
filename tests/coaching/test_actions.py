"""An action that somebody did, put off or found of no use leaves the list, and comes back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from coaching.models import ActionMark
from pipeline.datasets import PIPELINE_DEALS
from pipeline.models import Deal
from revops_site.kernel.loading import rows
from revops_site.kernel.models import AuditEvent, User, Workspace
from tests.coaching import reading
from tests.conftest import AsUser
from tests.pipeline.a_quarter import fill

pytestmark = pytest.mark.usefixtures("company")
URL, WIDGET = "/coaching/actions/", "/coaching/team/actions.json"
SEEN = re.compile(r'name="deal" value="([^"]*)">\s*<input type="hidden" name="seen" value="(\d*)"')


@pytest.fixture
def company(ana: User, cy: User, bo: User, workspace: Workspace, tmp_path: Path) -> None:
    """Two teams of one rep each, their deals and what was done for them, up to 30 June 2025."""
    fill(tmp_path)


def listed(client: Client) -> list[str]:
    """The deals of the list, the most pressing first."""
    return [row["opportunity_id"] for row in reading.widget(client, WIDGET)]


def seen(client: Client, deal_id: str) -> str:
    """What the page's form of a deal says that was said of it last."""
    found: dict[str, str] = dict(SEEN.findall(reading.text(client, URL)))
    return found[deal_id]


def say(client: Client, deal_id: str, do: str, **given: str) -> Any:
    """Send the form of a deal as the page gives it."""
    form = {"deal": deal_id, "do": do, "next": URL, "seen": given.get("seen")}
    form["seen"] = seen(client, deal_id) if form["seen"] is None else form["seen"]
    return client.post(URL, form | given)


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def later(day: str) -> None:
    """The data go on to a day, of another deal."""
    (told,) = rows.texts(PIPELINE_DEALS, [Deal.objects.get(pk="B1")])
    rows.write(
        PIPELINE_DEALS, [told | {"last_stage_change": day}], kind="app", source="test", by=None
    )


def change(deal_id: str, **changes: str) -> None:
    (told,) = rows.texts(PIPELINE_DEALS, [Deal.objects.get(pk=deal_id)])
    rows.write(PIPELINE_DEALS, [told | changes], kind="app", source="test", by=None)


def test_what_is_done_leaves_the_list_with_who_and_when(as_user: AsUser, cy: User) -> None:
    client = as_user(cy)
    first = listed(client)[0]
    answer = say(client, first, "done")
    assert (answer.status_code, answer["Location"]) == (302, f"{URL}#actions")
    assert first not in listed(client)
    assert f"Done by {cy} on 30 Jun 2025" in words(client.get(URL))
    kept = ActionMark.objects.get()
    assert (kept.deal_id, kept.said, kept.by, kept.nth) == (first, "done", cy, 1)
    event = AuditEvent.objects.get(action="action done")
    assert (event.user, event.target) == (cy, first)


def test_the_others_move_up_by_one_place(as_user: AsUser, cy: User) -> None:
    client = as_user(cy)
    before = reading.widget(client, WIDGET)
    say(client, before[0]["opportunity_id"], "done")
    after = reading.widget(client, WIDGET)
    assert [row["opportunity_id"] for row in after[: len(before) - 1]] == [
        row["opportunity_id"] for row in before[1:]
    ]
    assert after[0]["priority_rank"] == 1


def test_what_is_done_and_changed_nothing_is_told_of_again_after_14_days(
    as_user: AsUser, cy: User
) -> None:
    client = as_user(cy)
    say(client, "B5", "done")
    later("2025-07-13")
    assert "B5" not in listed(client)
    later("2025-07-14")
    assert "B5" in listed(client)
    assert f"Done by {cy} on 30 Jun 2025, and still so." in words(client.get(URL))


def test_what_is_snoozed_is_told_of_again_from_its_day_on(as_user: AsUser, cy: User) -> None:
    client = as_user(cy)
    say(client, "B5", "snoozed", until="2025-07-05")
    assert f"Snoozed until 5 Jul 2025 by {cy}" in words(client.get(URL))
    later("2025-07-04")
    assert "B5" not in listed(client)
    later("2025-07-05")
    assert "B5" in listed(client)


def test_what_is_not_useful_stays_away_while_the_reason_is_the_same(
    as_user: AsUser, cy: User
) -> None:
    client = as_user(cy)
    say(client, "B5", "not useful", reason="Their board decides, not we")
    assert "Their board decides, not we" in words(client.get(URL))
    later("2025-08-20")
    assert "B5" not in listed(client)


@pytest.mark.parametrize("do", ["done", "snoozed", "not useful"])
def test_a_new_reason_brings_an_action_back_at_once(do: str, as_user: AsUser, cy: User) -> None:
    client = as_user(cy)
    say(client, "B5", do, until="2025-07-30", reason="Not now")
    assert "B5" not in listed(client)
    change("B5", stage_name="Proposal")
    assert "B5" in listed(client)


def test_another_rep_is_told_of_it_who_takes_the_deal_over(
    as_user: AsUser, cy: User, ana: User
) -> None:
    say(as_user(cy), "B5", "done")
    change("B5", owner_id="ana")
    assert "B5" in listed(as_user(ana))
    assert say(as_user(ana), "B5", "done").status_code == 302
    assert "B5" not in listed(as_user(ana))


def test_what_was_said_can_be_undone(as_user: AsUser, cy: User) -> None:
    client = as_user(cy)
    before = listed(client)
    say(client, "B5", "done")
    assert say(client, "B5", "taken back").status_code == 302
    assert listed(client) == before
    assert list(ActionMark.objects.order_by("nth").values_list("said", flat=True)) == [
        "done",
        "taken back",
    ]
    assert say(client, "B5", "snoozed", until="2025-07-05").status_code == 302


def test_the_same_sent_twice_is_kept_once(as_user: AsUser, cy: User) -> None:
    client = as_user(cy)
    old = seen(client, "B5")
    assert say(client, "B5", "done", seen=old).status_code == 302
    assert say(client, "B5", "done", seen=old).status_code == 302
    assert ActionMark.objects.count() == 1


def test_a_form_that_is_out_of_date_changes_nothing_and_says_so(
    as_user: AsUser, cy: User, dee: User
) -> None:
    old = seen(as_user(dee), "B5")
    say(as_user(cy), "B5", "done")
    answer = say(as_user(dee), "B5", "not useful", reason="Wrong contact", seen=old)
    assert answer.status_code == 422
    assert f"{cy} said “done” of this deal’s action" in words(answer)
    assert ActionMark.objects.get().said == "done"


@pytest.mark.parametrize(
    ("do", "given", "why"),
    [
        ("snoozed", {"until": "2025-06-30"}, "Choose a day after 2025-06-30"),
        ("snoozed", {"until": "2025-09-29"}, "90 days ahead at most"),
        ("snoozed", {"until": "soon"}, "Choose the day on which"),
        ("not useful", {"reason": " \n "}, "Say why it is not useful"),
        ("not useful", {"reason": "x" * 301}, "at most 300 characters"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_typed_is_lost(
    as_user: AsUser, cy: User, do: str, given: dict[str, str], why: str
) -> None:
    client = as_user(cy)
    answer = say(client, "B5", do, **given)
    assert answer.status_code == 422
    assert why in words(answer)
    if given.get("reason", "").strip():
        assert f'value="{given["reason"]}"' in answer.content.decode()
    assert not ActionMark.objects.exists()


def test_with_htmx_the_list_alone_is_answered(as_user: AsUser, cy: User) -> None:
    client = as_user(cy)
    form = {"deal": "B5", "do": "done", "seen": "", "next": URL}
    answer = client.post(URL, form, headers={"HX-Request": "true", "HX-Target": "actions"})
    said = answer.content.decode()
    assert said.lstrip().startswith('<section id="actions"')
    assert 'data-announce="Done: ' in said
    assert ">Undo<" in said
    undone = client.post(
        URL,
        form | {"do": "taken back", "seen": str(ActionMark.objects.get().pk)},
        headers={"HX-Request": "true"},
    )
    assert 'data-announce="Brought back."' in undone.content.decode()


def test_each_action_shows_the_five_parts_of_its_score(as_user: AsUser, cy: User) -> None:
    client = as_user(cy)
    (row, *_) = reading.rows(client, "coaching-actions", at=URL)
    parts = [row[name] for name in ("health", "recency", "amount", "close_date", "flags")]
    assert sum(parts) == pytest.approx(row["priority_score"], abs=0.26)
    said = words(client.get(URL))
    for label in ("Health", "Silence", "Amount", "Close date", "Flags"):
        assert re.search(rf"{label}\s+\d+\.\d\s*/\d+", said), label
    assert "/glossary/#coaching-priority" in client.get(URL).content.decode()


def test_each_action_leads_to_its_deal(as_user: AsUser, cy: User) -> None:
    client = as_user(cy)
    (way, *_) = re.findall(r'href="(/pipeline/deals/[^"?]*)', client.get(URL).content.decode())
    assert client.get(way).status_code == 200


def test_owner_manager_and_revops_may_and_nobody_else(
    as_user: AsUser, ana: User, bo: User, cy: User, dee: User, vi: User
) -> None:
    form = {"deal": "B5", "do": "done", "seen": "", "next": URL}
    for stranger in (ana, bo):
        assert as_user(stranger).post(URL, form).status_code == 404
        assert as_user(stranger).post(f"{URL}?owner=cy&team=APAC", form).status_code == 404
    assert as_user(vi).post(URL, form).status_code == 403
    assert "B5" in listed(as_user(vi))
    assert 'value="done"' not in as_user(vi).get(URL).content.decode()
    assert not ActionMark.objects.exists()
    own = listed(as_user(bo))[0]
    assert say(as_user(bo), own, "done").status_code == 302
    assert say(as_user(dee), "B5", "done").status_code == 302


@pytest.mark.parametrize("query", ["", "?owner=cy", "?team=APAC", "?owner=cy&team=APAC"])
def test_a_rep_and_another_manager_are_told_of_no_action_of_a_stranger(
    query: str, as_user: AsUser, ana: User, bo: User, cy: User
) -> None:
    strange = {row["opportunity_id"] for row in reading.widget(as_user(cy), WIDGET)}
    assert strange
    for who in (ana, bo):
        client = as_user(who)
        files = (f"panels/coaching-actions.{kind}" for kind in ("csv", "json"))
        for url in (WIDGET, URL, *(URL + one for one in files)):
            text = client.get(url + query).getvalue().decode()
            for deal_id in strange:
                assert not re.search(rf"\b{deal_id}\b", text), (who, url, deal_id)
        assert client.get("/coaching/reps/cy/actions.json").status_code == 404


def test_a_stranger_is_not_told_what_was_said_either(as_user: AsUser, ana: User, cy: User) -> None:
    say(as_user(cy), "B5", "not useful", reason="Canary of a reason")
    text = as_user(ana).get(f"{URL}?owner=cy").content.decode()
    assert "Canary" not in text
    undo = {"deal": "B5", "do": "taken back", "seen": str(ActionMark.objects.get().pk)}
    assert as_user(ana).post(URL, undo).status_code == 404
    assert ActionMark.objects.count() == 1


def test_on_a_past_day_nothing_can_be_said(as_user: AsUser, cy: User) -> None:
    page = as_user(cy).get(f"{URL}?as_of=2025-06-01").content.decode()
    assert 'value="done"' not in page
    form = {"deal": "B5", "do": "done", "seen": "", "next": URL}
    answer = as_user(cy).post(f"{URL}?as_of=2025-06-01", form)
    assert answer.status_code == 404
    assert not ActionMark.objects.exists()


def test_the_list_of_a_rep_s_page_is_the_first_three(as_user: AsUser, cy: User) -> None:
    client = as_user(cy)
    page = reading.text(client, "/coaching/reps/cy/")
    assert len(re.findall(r'id="action-\d+"', page)) == min(3, len(listed(client)))
    assert "All next best actions" in page
    (way,) = set(re.findall(r'<form method="post" action="(/coaching/actions/[^"]*)"', page))
    assert "owner=cy" in way
    assert "first=3" in way


def test_the_published_json_is_what_the_list_shows(as_user: AsUser, cy: User) -> None:
    client = as_user(cy)
    rows_ = json.loads(client.get("/coaching/reps/cy/actions.json").content)
    assert [row["opportunity_id"] for row in rows_] == listed(client)


def test_a_deal_that_no_file_can_name_is_not_found(ana: User, as_user: AsUser) -> None:
    for deal in ("", "\x00", "O-ana\x00"):
        answer = as_user(ana).post(URL, {"deal": deal, "do": "done", "seen": ""})
        assert answer.status_code == 404, repr(deal)
