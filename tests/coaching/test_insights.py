"""What figures mean, in sentences with proof: complete without a model, and true with any."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from coaching import tasks
from coaching.actions import insights as actions
from coaching.analytics import wording
from coaching.analytics.points import Point, Told
from coaching.models import CoachingInsight, InsightRequest
from revops_site.kernel.models import AuditEvent, Circuit, Rep, User, Workspace
from tests.coaching import a_team, reading
from tests.conftest import AsUser
from tests.kernel.test_grounding import altered
from tests.simulators.model import KEY, Model

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
PAGE = "/coaching/reps/ana/"
ASK = f"{PAGE}insights/"
SENT = "figures sent to a language model"
PART = {"HX-Request": "true", "HX-Target": "coaching-insights"}
FIELDS = {
    *("rep_id", "generated_at", "model_version", "strengths", "improvements", "priority_actions"),
    *("overall_assessment", "primary_focus_area", "created_at", "updated_at", "data_freshness"),
}


@pytest.fixture
def model(settings: LazySettings) -> Iterator[Model]:
    """A server that settings lead to, where the workspace wants it."""
    found = Model()
    settings.OUTGOING_LOOPBACK = True
    settings.LLM = {"url": found.url, "key": KEY, "model": "sim/one"}
    settings.LLM_SECONDS = 1.5
    Workspace.objects.update(sends_figures_to_model=True)
    yield found
    found.close()


def part(page: str) -> str:
    """The insights of a rep's page."""
    found = page.partition('id="coaching-insights"')[2].partition("</section>")[0]
    return " ".join(found.split())


def a_told() -> Told:
    """Three sentences, one with a word of the files."""
    points = [
        Point("win_rate", "Wins", said, "", "45%", "Team 24%", "rep-drivers", 0.5, names=names)
        for said, names in (
            ("45% of 31 decided deals were won, 21 pts above the team’s 24%.", False),
            ("41% of 12 deals moved on from Demo; in the team 58%.", True),
        )
    ]
    return Told(points[:1], points[1:], (), "On Track: 97% of the quota to date is won.", "Wins")


def test_without_any_the_page_says_when_they_come_and_lets_one_ask(
    ana: User, as_user: AsUser
) -> None:
    shown = part(reading.text(as_user(ana), PAGE))
    assert "Nothing is written yet" in shown
    assert "Write now" in shown
    assert reading.widget(as_user(ana), f"{PAGE}insights.json") == []


def test_the_worker_writes_them_once_a_day_with_proof_for_each_sentence(
    ana: User, as_user: AsUser
) -> None:
    tasks.keep_insights()
    first = CoachingInsight.objects.get(rep="ana")
    tasks.keep_insights()
    assert CoachingInsight.objects.get(rep="ana").generated_at == first.generated_at
    assert CoachingInsight.objects.count() == Rep.objects.filter(is_active=True).count()
    page = reading.text(as_user(ana), PAGE)
    shown = part(page)
    assert "On Track: 100% of the quota to date is won." in shown
    assert "2.0 activities a working day in 30 days, 0.3 below the team’s 2.3." in shown
    assert "Chance alone may make as much of it." in shown
    assert "Nothing stands out beyond chance" in shown
    assert '<span class="tag">template</span>' in shown
    links = re.findall(r'href="/coaching/reps/ana/#([\w-]+)"', shown)
    assert len(links) >= 2
    for link in links:
        assert f'id="{link}"' in page, "the proof stands on the page"


def test_the_widget_has_every_field_of_the_contract(bo: User, as_user: AsUser) -> None:
    tasks.keep_insights()
    (found,) = reading.widget(as_user(bo), "/coaching/reps/ben/insights.json")
    assert set(found) == FIELDS
    assert found["model_version"] == "template-1"
    (strength,) = found["strengths"]
    assert strength == {
        "title": "Very active",
        "detail": "5.0 activities a working day in 30 days, 2.7 above the team’s 2.3.",
        "metric_value": "5.0",
        "metric_comparison": "Team 2.3, n 21",
    }
    (action,) = found["priority_actions"]
    assert set(action) == {"deal_name", "deal_amount", "action", "reason", "deadline"}
    (gap,) = reading.widget(as_user(bo), f"{PAGE}insights.json")[0]["improvements"]
    assert set(gap) == {"title", "detail", "gap_value", "impact_estimate", "suggested_action"}


def test_a_rep_s_text_tells_of_nobody_else_and_nobody_else_reads_it(
    ana: User, cy: User, bo: User, as_user: AsUser
) -> None:
    """Whoever had it written."""
    as_user(bo).post(ASK)
    tasks.write_insights(rep_id="ana")
    client = as_user(ana)
    for url in (PAGE, f"{PAGE}insights.json"):
        told = reading.text(client, url)
        for canary in (*a_team.CANARIES, *a_team.BARE, a_team.REASON):
            assert canary not in told, canary
    tasks.keep_insights()
    for rep in ("ben", "cy", "nobody"):
        base = f"/coaching/reps/{rep}/"
        for url in (f"{base}insights/", f"{base}insights.json", base):
            assert client.get(url).status_code == 404
            assert client.get(url, headers=PART).status_code == 404
        assert client.post(f"{base}insights/").status_code == 404
    assert as_user(bo).post("/coaching/reps/cy/insights/").status_code == 404
    assert not InsightRequest.objects.exists()


def test_who_asks_is_queued_once_and_sees_it_being_written(
    ana: User, bo: User, as_user: AsUser
) -> None:
    client = as_user(ana)
    answer = client.post(ASK, headers=PART)
    shown = " ".join(answer.content.decode().split())
    assert "Being written" in shown
    assert 'hx-trigger="load delay:3s"' in shown
    answer = as_user(bo).post(ASK)
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}#coaching-insights")
    jobs = ProcrastinateJob.objects.filter(task_name=actions.TASK)
    assert [one.args for one in jobs] == [{"rep_id": "ana"}]
    assert (
        AuditEvent.objects.filter(action="coaching insights asked for", target="ana").count() == 1
    )
    tasks.write_insights(rep_id="ana")
    shown = " ".join(as_user(ana).get(ASK, headers=PART).content.decode().split())
    assert "On Track" in shown
    assert "hx-trigger" not in shown


def test_a_viewer_reads_and_asks_for_nothing(vi: User, as_user: AsUser) -> None:
    assert "Write now" not in part(reading.text(as_user(vi), PAGE))
    assert as_user(vi).post(ASK).status_code == 403
    assert not InsightRequest.objects.exists()


def test_what_is_older_than_the_data_says_so(ana: User, as_user: AsUser) -> None:
    tasks.keep_insights()
    CoachingInsight.objects.update(day="2025-06-28")
    shown = part(reading.text(as_user(ana), PAGE))
    assert "Older than the data" in shown
    assert "28 Jun 2025" in shown
    tasks.keep_insights()
    assert "Older than the data" not in part(reading.text(as_user(ana), PAGE))


def test_a_deal_that_went_to_somebody_else_is_no_longer_told(ana: User, as_user: AsUser) -> None:
    tasks.keep_insights()
    row = CoachingInsight.objects.get(rep="ana")
    row.content["actions"][0]["deal_id"] = "O-ben"
    row.content["actions"][0]["deal_name"] = "Canary of Ben"
    row.save()
    client = as_user(ana)
    assert "Canary of Ben" not in reading.text(client, PAGE)
    assert "Canary of Ben" not in reading.text(client, f"{PAGE}insights.json")


def test_a_model_s_words_are_shown_and_both_sides_are_in_the_record(
    model: Model, ana: User, as_user: AsUser
) -> None:
    tasks.write("ana")
    shown = part(reading.text(as_user(ana), PAGE))
    assert "In short: On Track: 100% of the quota to date is won." in shown
    assert '<span class="tag">model: sim/one</span>' in shown
    assert CoachingInsight.objects.get().model_version == "template-1 + sim/one"
    event = AuditEvent.objects.get(action=SENT)
    assert event.detail["prompt"] == model.asked[0]["messages"][1]["content"]
    assert "In short" in event.detail["reply"]
    assert KEY not in str(event.detail)
    for word in ("Ana", "ana", "EMEA", "Account of", "Demo"):
        assert word not in event.detail["prompt"]
    tasks.write("ana")
    assert len(model.asked) == 1, "the same sentences are worded once"
    assert "In short: On Track" in part(reading.text(as_user(ana), PAGE))


def test_nothing_is_sent_unless_the_workspace_wants_it(model: Model) -> None:
    Workspace.objects.update(sends_figures_to_model=False)
    tasks.write("ana")
    assert not model.asked
    assert CoachingInsight.objects.get().model_version == "template-1"


@pytest.mark.parametrize("mode", ["lies", "numbers", "html", "foreign", "denied", "nothing"])
def test_what_it_makes_up_is_not_shown_and_the_refusal_is_recorded(
    mode: str, model: Model, ana: User, as_user: AsUser
) -> None:
    tasks.write("ana")
    template = CoachingInsight.objects.get().content | {"wording": {}}
    CoachingInsight.objects.all().delete()
    model.mode = mode
    tasks.write("ana")
    row = CoachingInsight.objects.get()
    assert row.model_version == "template-1"
    assert "In short" not in str(row.content)
    shown = part(reading.text(as_user(ana), PAGE))
    for said in ("<img", "onerror", "evil.example", "CANARY", "77,777", "101%", "not so"):
        assert said not in shown
    assert "On Track: 100% of the quota to date is won." in shown
    assert template["focus"] == row.content["focus"]
    event = AuditEvent.objects.filter(action=SENT).latest("id")
    assert event.detail["shown"] == []
    assert set(event.detail["refused"]) == {"s0", "s1"}


@pytest.mark.parametrize(
    "mode", ["hang", "trickle", "limited", "refused", "broken", "garbage", "list", "large", "deep"]
)
def test_a_server_that_fails_leaves_the_template(
    mode: str, model: Model, ana: User, as_user: AsUser
) -> None:
    model.mode = mode
    began = time.monotonic()
    tasks.write("ana")
    assert time.monotonic() - began < 5
    shown = part(reading.text(as_user(ana), PAGE))
    assert "On Track: 100% of the quota to date is won." in shown
    assert '<span class="tag">template</span>' in shown
    assert AuditEvent.objects.get(action=SENT).detail["outcome"] in {
        *("late", "limited", "refused", "broken", "odd", "large"),
    }


def test_of_a_hundred_altered_numbers_none_is_shown(model: Model) -> None:
    """Over the wire: each in an answer of its own."""
    told, many = a_told(), altered()[:120]
    source = told.strengths[0].detail
    model.mode = "say"
    for said in many:
        model.says = json.dumps({"s0": said, "s1": source.replace("45%", said), "s2": "45%"})
        found, version, _ = actions.say("ana", told)
        assert found == told, said
        assert version == "template-1"
        Circuit.objects.all().delete()
    events = AuditEvent.objects.filter(action=SENT)
    assert events.count() == len(many) == len(model.asked) >= 100
    assert all(set(event.detail["refused"]) == {"s0", "s1"} for event in events)


def test_each_number_of_a_sentence_by_each_other_is_refused() -> None:
    told = a_told()
    source = told.strengths[0].detail
    for nth, number in enumerate(("45%", "31", "21 pts", "24%")):
        for other in ("24%", "31", "45%", "21 pts", "97%", "12", "46%", "30", "4.5%"):
            if other == number:
                continue
            said = source.replace(number, other, 1)
            shown, refused = wording.accepted({"s1": said}, told)
            assert not shown, (nth, said)
            assert refused["s1"][0] == "numbers"


def test_a_sentence_with_words_of_the_files_is_never_sent() -> None:
    assert "Demo" not in wording.message(a_told())
    shown, _ = wording.accepted({"s2": "41% of 12 deals moved on from Demo."}, a_told())
    assert not shown


def test_words_of_the_files_that_are_markup_are_shown_as_they_are(
    ana: User, as_user: AsUser
) -> None:
    tasks.write("ana")
    row = CoachingInsight.objects.get()
    row.content["improvements"][0]["title"] = "Deals stop in <script>alert(1)</script>{{ 7 }}"
    row.save()
    page = as_user(ana).get(PAGE).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 }}" in page


def test_the_command_writes_some_or_all_and_says_what_it_did() -> None:
    out = StringIO()
    call_command("coach", rep=["ana"], stdout=out)
    assert "1 of 1: ana" in out.getvalue()
    assert [one.rep_id for one in CoachingInsight.objects.all()] == ["ana"]
    call_command("coach", stdout=out, verbosity=0)
    assert CoachingInsight.objects.count() == 4
    out = StringIO()
    call_command("coach", all=True, stdout=out)
    assert "4 reps as of 2025-06-30" in out.getvalue()
    with pytest.raises(SystemExit) as ended:
        call_command("coach", rep=["ana", "nobody"], stdout=StringIO(), stderr=(err := StringIO()))
    assert ended.value.code == 2
    assert "nobody" in err.getvalue()
