"""Of a language model's findings only those count that a note bears out; else rules are shown."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from procrastinate.contrib.django.models import ProcrastinateJob

from pipeline import tasks
from pipeline.actions import readings
from pipeline.datasets import NOTES
from pipeline.models import Note, NoteReading
from pipeline.panels.deal import address
from revops_site.kernel import llm
from revops_site.kernel.loading import rows
from revops_site.kernel.models import AuditEvent, Circuit, User, Workspace
from tests.conftest import AsUser
from tests.simulators.model import KEY, Model

PAGE = address("A1")
PART = {"HX-Request": "true", "HX-Target": "deal-reading"}
ODD = [
    "lies",
    "numbers",
    "html",
    "foreign",
    "denied",
    "garbage",
    "list",
    "large",
    "redirect",
    "deep",
]
FAILING = {
    "garbage": "odd",
    "list": "odd",
    "deep": "odd",
    "redirect": "odd",
    "large": "large",
    "limited": "limited",
    "refused": "refused",
    "broken": "broken",
}


def write(**bodies: str) -> None:
    """Notes of Ana's deal, the oldest first."""
    given = [
        {"note_id": name, "deal_id": "A1", "author_id": "ana", "body": body}
        | {"created_at": f"2025-06-{n:02}T10:00:00Z"}
        for n, (name, body) in enumerate(bodies.items(), 1)
    ]
    assert not rows.write(NOTES, given, kind="sync", source="Test", by=None).refused


@pytest.fixture
def model(settings: LazySettings) -> Iterator[Model]:
    """A server that settings lead to."""
    found = Model()
    settings.OUTGOING_LOOPBACK = True
    settings.LLM = {"url": found.url, "key": KEY, "model": "sim/one"}
    settings.LLM_SECONDS = 1.5
    yield found
    found.close()


@pytest.fixture(autouse=True)
def deal(ana: User, cy: User, pipeline_deals: None) -> None:
    """Ana's deal A1 with a few notes."""
    write(
        N1="End user not known. Next we show them all rooms.",
        N2="A risk is <b>the old</b> building, says pia@acme.example or +49 170 1234567.",
        N3="ISO certificate handed to the customer",
    )


def switch_on() -> None:
    Workspace.objects.filter(pk=1).update(sends_notes_to_model=True)


def part(by: User, as_user: AsUser) -> str:
    """What the page says of the notes."""
    answer = as_user(by).get(PAGE, headers=PART)
    assert answer.status_code == 200
    assert "HX-Push-Url" not in answer
    return " ".join(answer.content.decode().split())


def test_rules_are_shown_with_quotes_that_lead_to_their_notes(ana: User, as_user: AsUser) -> None:
    page = as_user(ana).get(PAGE).content.decode()
    shown = page.partition('id="deal-reading"')[2].partition("</section>")[0]
    assert "End user not settled" in shown
    assert ">End user not known.</blockquote>" in shown
    assert "Not found" in shown
    links = re.findall(r'href="[^"]*entries=notes#(entry-\w+)"', shown)
    assert links
    assert all(f'<li id="{link}"' in page for link in links)
    assert "model:" not in shown


def test_a_deal_without_notes_says_so(ana: User, as_user: AsUser) -> None:
    Note.objects.all().delete()
    shown = part(ana, as_user)
    assert "There are no notes to be read yet." in shown
    assert "blockquote" not in shown


@pytest.mark.parametrize("is_on", [True, False], ids=["without a key", "switched off"])
def test_no_note_leaves_the_house_unless_both_are_given(
    is_on: bool, model: Model, ana: User, as_user: AsUser, settings: LazySettings
) -> None:
    if is_on:
        settings.LLM = {**settings.LLM, "key": ""}
        switch_on()
    as_user(ana).get(PAGE)
    tasks.read_notes(deal_id="A1")
    assert not model.asked
    assert not ProcrastinateJob.objects.filter(task_name=readings.TASK).exists()
    assert "looks" not in part(ana, as_user)


def test_it_is_off_until_an_admin_switches_it_on(workspace: Workspace) -> None:
    assert not workspace.sends_notes_to_model
    assert "leaves" in str(Workspace._meta.get_field("sends_notes_to_model").help_text)


def test_the_page_asks_once_and_shows_what_the_model_found(
    model: Model, ana: User, as_user: AsUser
) -> None:
    switch_on()
    first = part(ana, as_user)
    assert "is reading them" in first
    assert 'hx-trigger="load delay:4s"' in first
    assert "model: sim/one" not in first
    part(ana, as_user)
    assert ProcrastinateJob.objects.filter(task_name=readings.TASK).count() == 1
    tasks.read_notes(deal_id="A1")
    shown = part(ana, as_user)
    assert "hx-trigger" not in shown
    assert shown.count("model: sim/one") == 3
    assert "<blockquote" in shown
    assert "A risk is &lt;b&gt;the old&lt;/b&gt; building" not in shown, "markup is not taken over"
    tasks.read_notes(deal_id="A1")
    assert len(model.asked) == 1, "the same notes are read once"
    write(N4="The end user is Globex")
    assert "is reading them" in part(ana, as_user)
    assert "End user: Globex" in part(ana, as_user)


def test_what_is_sent_has_no_author_address_or_number(model: Model) -> None:
    switch_on()
    tasks.read_notes(deal_id="A1")
    sent = model.asked[0]["messages"][1]["content"]
    assert "[e-mail]" in sent
    assert "[number]" in sent
    for word in ("pia@", "1234567", "Ana", "ana", "A1"):
        assert word not in sent
    assert model.headers[0]["authorization"] == f"Bearer {KEY}"
    event = AuditEvent.objects.get(action="notes sent to a language model")
    assert (event.target, event.detail["model"], event.detail["host"]) == (
        "A1",
        "sim/one",
        "127.0.0.1",
    )


def test_what_was_asked_and_answered_is_in_the_record_that_admins_alone_read(
    model: Model, ad: User, dee: User, as_user: AsUser
) -> None:
    switch_on()
    tasks.read_notes(deal_id="A1")
    event = AuditEvent.objects.get(action="notes sent to a language model")
    assert event.detail["prompt"] == model.asked[0]["messages"][1]["content"]
    assert event.detail["task"] == model.asked[0]["messages"][0]["content"]
    assert "findings" in json.loads(event.detail["reply"])
    url = f"/admin/kernel/auditevent/{event.pk}/change/"
    assert "End user not known" in as_user(ad).get(url).content.decode()
    for path in (url, "/admin/kernel/auditevent/"):
        assert as_user(dee).get(path).status_code in {302, 403}


@pytest.mark.parametrize("mode", ["garbage", "refused", "large", "hang"])
def test_an_answer_that_is_none_is_in_the_record_too(mode: str, model: Model) -> None:
    switch_on()
    model.mode = mode
    tasks.read_notes(deal_id="A1")
    event = AuditEvent.objects.get(action="notes sent to a language model")
    assert event.detail["prompt"]
    assert len(event.detail["reply"]) <= llm.MOST_KEPT
    assert KEY not in str(event.detail)
    tasks.read_notes(deal_id="A1")


def test_a_server_that_hangs_costs_its_time_once_and_then_rests(
    model: Model, settings: LazySettings
) -> None:
    switch_on()
    model.mode = "hang"
    began = time.monotonic()
    for nth in range(4):
        write(**{f"H{nth}": f"Another note {nth}"})
        tasks.read_notes(deal_id="A1")
    assert time.monotonic() - began < 2 * settings.LLM_SECONDS
    assert len(model.asked) == 1
    assert llm.is_resting()
    events = AuditEvent.objects.filter(action="notes sent to a language model")
    assert events.count() == 1, "nothing is sent while it rests"
    Circuit.objects.update(open_until="2020-01-01T00:00:00Z")
    model.mode = "nothing"
    assert llm.ask("x", '{"notes": []}').data == {"findings": []}
    assert Circuit.objects.get().spent_seconds == 0


@pytest.mark.parametrize("mode", [*ODD, "limited", "refused", "broken", "hang", "trickle"])
def test_whatever_it_answers_the_rules_stand_and_nothing_is_live(
    mode: str, model: Model, ana: User, as_user: AsUser, caplog: pytest.LogCaptureFixture
) -> None:
    switch_on()
    before = part(ana, as_user)
    model.mode = mode
    began = time.monotonic()
    with caplog.at_level(logging.DEBUG):
        tasks.read_notes(deal_id="A1")
    assert time.monotonic() - began < 3
    began = time.monotonic()
    shown = part(ana, as_user)
    assert time.monotonic() - began < 2
    for said in ("five years", "5,000,000", "onerror", "evil.example", "CANARY", "<img", "<b>"):
        assert said not in shown
    assert "End user not settled" in shown
    assert re.findall(r"<blockquote.*?</blockquote>", before)[0] in shown
    assert KEY not in caplog.text + shown
    row = NoteReading.objects.get()
    assert KEY not in str(row.__dict__)
    if mode in FAILING:
        assert (row.state, row.why) == ("failed", FAILING[mode])
        assert "did not answer" in shown


@pytest.mark.parametrize("mode", ["hang", "trickle"])
def test_a_server_that_dawdles_is_left_when_its_time_is_over(mode: str, model: Model) -> None:
    model.mode = mode
    began = time.monotonic()
    with pytest.raises(llm.ModelError, match="did not answer in time"):
        llm.ask("x", "y")
    assert 1.3 < time.monotonic() - began < 2.5


def test_after_three_failures_it_is_left_alone_for_a_while(
    model: Model, ana: User, as_user: AsUser
) -> None:
    switch_on()
    model.mode = "broken"
    for _ in range(5):
        with pytest.raises(llm.ModelError):
            llm.ask("x", "y")
    assert len(model.asked) == 3
    shown = part(ana, as_user)
    assert "did not answer" in shown
    assert "hx-trigger" not in shown
    assert not ProcrastinateJob.objects.filter(task_name=readings.TASK).exists()
    Circuit.objects.update(open_until="2020-01-01T00:00:00Z")
    with pytest.raises(llm.ModelError):
        llm.ask("x", "y")
    assert llm.is_resting(), "one more failure is enough"
    Circuit.objects.update(open_until="2020-01-01T00:00:00Z")
    model.mode = "list"
    model.mode = "nothing"
    assert llm.ask("x", '{"notes": []}').data == {"findings": []}
    assert Circuit.objects.get().failures == 0


def test_a_key_that_no_header_can_hold_is_not_told(model: Model, settings: LazySettings) -> None:
    for key in ("se\ncret-CANARY", "schlüssel-CANARY"):
        settings.LLM = {**settings.LLM, "key": key}
        with pytest.raises(llm.ModelError) as error:
            llm.ask("x", "y")
        assert "CANARY" not in str(error.value)


def test_one_who_may_not_see_the_deal_learns_and_starts_nothing(
    model: Model, cy: User, as_user: AsUser
) -> None:
    switch_on()
    assert as_user(cy).get(PAGE, headers=PART).status_code == 404
    assert not ProcrastinateJob.objects.filter(task_name=readings.TASK).exists()


def test_what_was_read_is_not_shown_once_it_is_switched_off(
    model: Model, ana: User, as_user: AsUser
) -> None:
    switch_on()
    tasks.read_notes(deal_id="A1")
    Workspace.objects.update(sends_notes_to_model=False)
    assert "model: sim/one" not in part(ana, as_user)


def test_no_word_of_a_note_that_is_gone_stays(model: Model, ana: User, as_user: AsUser) -> None:
    switch_on()
    tasks.read_notes(deal_id="A1")
    Note.objects.filter(pk="N2").delete()
    assert "building" not in part(ana, as_user)


def test_old_readings_are_forgotten(model: Model) -> None:
    switch_on()
    tasks.read_notes(deal_id="A1")
    tasks.forget_readings()
    assert NoteReading.objects.exists()
    NoteReading.objects.update(at="2020-01-01T00:00:00Z")
    tasks.forget_readings()
    assert not NoteReading.objects.exists()
