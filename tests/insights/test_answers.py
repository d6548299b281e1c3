"""What readers say of insights: useful, dismissed until it matters again, made a task of theirs."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some

from insights import tasks
from insights.actions import rules as settings
from insights.analytics.insight import configured, digest, material
from insights.models import InsightAnswer, RuleMonth, RuleSetting
from insights.queries import rule_settings
from insights.rules import RULES, rules
from insights.rules.pipeline import LOW_WIN_RATE
from pipeline.models import Task
from revops_site.kernel import clock
from revops_site.kernel.models import AuditEvent, User, Workspace
from tests.conftest import AsUser
from tests.insights import a_quarter
from tests.insights.test_rules_pipeline import ALL

pytestmark = pytest.mark.django_db
STUCK = {"rule": "STUCK_VALUE", "subject": "open deals"}
HEADLINE = "of the open pipeline is stuck: 1 deal"


@pytest.fixture
def company(workspace: Workspace, ana: User, bo: User, cy: User, tmp_path: Path) -> None:
    a_quarter.load(tmp_path)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def headlines(client: Client) -> str:
    return " | ".join(re.findall(r"<h3>(.*?)</h3>", text(client.get("/insights/"))))


def say(client: Client, do: str, **given: str) -> Any:
    return client.post("/insights/answer/", {**STUCK, "do": do, **given})


def test_a_dismissed_insight_is_gone_for_its_reader_alone_and_can_be_brought_back(
    company: None, as_user: AsUser, dee: User, ad: User
) -> None:
    client = as_user(dee)
    assert HEADLINE in headlines(client)
    assert say(client, "dismiss").status_code == 302
    assert HEADLINE not in headlines(client)
    assert HEADLINE not in text(client.get("/")).partition("data-category")[2]
    assert "1 dismissed" in text(client.get("/insights/"))
    assert HEADLINE in headlines(as_user(ad))
    assert say(client, "bring back").status_code == 302
    assert HEADLINE in headlines(client)


def test_it_comes_back_after_thirty_days_or_when_its_figure_moved(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    say(client, "dismiss")
    InsightAnswer.objects.update(at=clock.now() - timedelta(days=29))
    assert HEADLINE not in headlines(client)
    InsightAnswer.objects.update(at=clock.now() - timedelta(days=30))
    assert HEADLINE in headlines(client)
    InsightAnswer.objects.update(at=clock.now(), value=0.4)  # it was 40%, it is 62.5%
    assert HEADLINE in headlines(client)


def test_files_and_programs_have_what_a_reader_dismissed(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    say(client, "dismiss")
    found = json.loads(client.get("/insights/panels/cards.json").content)["rows"]
    assert any(one["rule"] == "STUCK_VALUE" for one in found)


def test_useful_is_counted_once_a_reader_and_can_be_taken_back(
    company: None, as_user: AsUser, dee: User, ad: User
) -> None:
    for _ in range(2):
        say(as_user(dee), "useful")
    say(as_user(ad), "dismiss")
    assert InsightAnswer.objects.count() == 2
    shown = text(as_user(dee).get("/insights/"))
    assert "readers found it useful in 1 of 2 cases in a year" in shown
    assert 'aria-pressed="true"' in shown
    say(as_user(dee), "unsaid")
    found = rule_settings.records(clock.now(), [])["STUCK_VALUE"]
    assert (found.useful, found.dismissed) == (0, 1)


def test_a_task_of_an_insight_stands_among_one_s_tasks_and_on_one_s_day(
    company: None, as_user: AsUser, ana: User, dee: User
) -> None:
    client = as_user(ana)
    today = clock.today().isoformat()
    assert say(client, "task", due=today).status_code == 302
    one = Task.objects.get()
    assert (one.assignee, one.deal_id, one.account_id) == (ana, "", "")
    for page in ("/tasks/", "/coaching/day/"):
        shown = text(client.get(page))
        assert "Go through the list with their owners" in shown, page
        assert HEADLINE in shown, page
    assert HEADLINE not in text(as_user(dee).get("/tasks/"))
    evidence = re.search(r'<a href="([^"]*)">[^<]*is stuck', text(client.get("/tasks/")))
    assert evidence is not None
    assert client.get(evidence[1]).status_code == 200
    done = client.post(f"/tasks/{one.pk}/", {"do": "done", "seen": "1", "next": "/tasks/"})
    assert done.status_code == 302
    assert "Nothing is to be done" in text(client.get("/tasks/"))
    assert AuditEvent.objects.filter(action="insight task").count() == 1


def test_a_task_needs_a_day_and_what_was_typed_is_not_lost(
    company: None, as_user: AsUser, dee: User
) -> None:
    answer = say(as_user(dee), "task", due="soon")
    assert answer.status_code == 422
    assert "Choose the day that the task is due." in text(answer)
    assert 'value="soon"' in text(answer)
    assert not Task.objects.exists()


def test_a_viewer_says_what_is_useful_but_is_given_no_tasks(
    company: None, as_user: AsUser, vi: User
) -> None:
    client = as_user(vi)
    assert say(client, "useful").status_code == 302
    assert say(client, "task", due="2026-01-01").status_code == 403
    assert "Make a task" not in text(client.get("/insights/"))


@pytest.mark.parametrize(
    "given",
    [
        {"rule": "STUCK_VALUE", "subject": "somebody else's"},
        {"rule": "../../etc", "subject": "open deals"},
        {"rule": "", "subject": ""},
        {"rule": "STUCK_VALUE", "subject": "x" * 10_000},
    ],
)
def test_nobody_answers_what_they_are_not_shown(
    company: None, as_user: AsUser, ana: User, cy: User, given: dict[str, str]
) -> None:
    assert as_user(ana).post("/insights/answer/", {**given, "do": "dismiss"}).status_code == 404
    assert say(as_user(cy), "dismiss").status_code == 404, "his deals are not stuck"
    assert not InsightAnswer.objects.exists()


def test_without_a_page_of_its_own_a_part_is_swapped(
    company: None, as_user: AsUser, dee: User
) -> None:
    answer = as_user(dee).post(
        "/insights/answer/",
        {**STUCK, "do": "dismiss"},
        headers={"HX-Request": "true", "HX-Target": "panels"},
    )
    assert answer.status_code == 200
    assert answer.content.decode().lstrip().startswith('<div id="panels"')


def test_the_worker_keeps_in_how_many_months_a_rule_spoke(
    company: None, as_user: AsUser, dee: User
) -> None:
    tasks.keep_rule_months()
    looked = RuleMonth.objects.filter(rule="STUCK_VALUE").count()
    spoke = RuleMonth.objects.filter(rule="STUCK_VALUE", found__gt=0).count()
    assert looked > 0
    says = f"it spoke in {spoke} of the last {looked} months’ ends"
    assert says in text(as_user(dee).get("/insights/"))
    first = RuleMonth.objects.order_by("-looked_at")[0].looked_at
    tasks.keep_rule_months()
    assert RuleMonth.objects.order_by("-looked_at")[0].looked_at == first, "nothing was stale"


def form(client: Client, rule: str) -> tuple[str, dict[str, Any]]:
    client.get(reverse("admin:insights_rulesetting_changelist"))
    url = reverse("admin:insights_rulesetting_change", args=[rule])
    fields = client.get(url).context["adminform"].form
    return url, {name: fields[name].value() for name in fields.fields}


def test_a_rule_is_tried_on_a_year_before_it_is_set(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    assert HEADLINE in headlines(client)
    url, sent = form(client, "STUCK_VALUE")
    asked = client.post(url, {**sent, "max_share": "0.9"})
    assert asked.status_code == 200
    assert re.search(r"With these it would have fired <strong>\d+ times?</strong>", text(asked))
    assert "As it is set now" in text(asked)
    assert not RuleSetting.objects.exclude(parameters={}).exists(), "nothing is kept yet"
    kept = client.post(url, {**sent, "max_share": "0.9", "confirmed": "Save these"})
    assert kept.status_code == 302
    assert RuleSetting.objects.get(rule="STUCK_VALUE").parameters == {"max_share": 0.9}
    assert HEADLINE not in headlines(client)
    event = AuditEvent.objects.get(action="rule set")
    assert (event.target, event.detail["after"]) == ("STUCK_VALUE", {"max_share": 0.9})


@pytest.mark.parametrize(
    "given", [{"max_share": "1.5"}, {"max_share": "much"}, {"min_n": "0"}, {"max_share": "nan"}]
)
def test_what_a_rule_cannot_go_by_is_refused(
    company: None, as_user: AsUser, dee: User, given: dict[str, str]
) -> None:
    url, sent = form(as_user(dee), "STUCK_VALUE")
    answer = as_user(dee).post(url, {**sent, **given, "confirmed": "Save these"})
    assert answer.status_code == 200
    assert "errorlist" in text(answer)
    assert not RuleSetting.objects.exclude(parameters={}).exists()


def test_a_rule_that_somebody_set_meanwhile_is_left_as_it_is(
    company: None, as_user: AsUser, dee: User, ad: User
) -> None:
    url, sent = form(as_user(dee), "STUCK_VALUE")
    settings.configure(
        by=ad, rule="STUCK_VALUE", parameters={"max_share": 0.5}, seen=0, at=clock.now()
    )
    as_user(dee).post(url, {**sent, "max_share": "0.9", "confirmed": "Save these"})
    assert RuleSetting.objects.get(rule="STUCK_VALUE").parameters == {"max_share": 0.5}


def test_a_setting_that_no_rule_knows_changes_nothing(workspace: Workspace) -> None:
    RuleSetting.objects.create(rule="LOW_ROI", parameters={"gone": 3})
    assert rules() == RULES


@given(some.floats(0.0, 1.0), some.integers(1, 500))
def test_the_same_data_and_settings_give_the_same_text_and_hash(share: float, least: int) -> None:
    given = {"LOW_WIN_RATE": {"min_win_rate": share, "min_n": least}}
    one, other = (
        next(rule for rule in configured(RULES, given) if rule.id == "LOW_WIN_RATE")
        for _ in range(2)
    )
    assert one.judge(ALL) == other.judge(ALL)
    assert digest(one) == digest(other)
    if (share, least) != (0.2, 20):
        assert digest(one) != digest(LOW_WIN_RATE)


@given(some.floats(-1e6, 1e6))
def test_material_is_more_than_a_tenth_or_graver_or_another_version(value: float) -> None:
    now = LOW_WIN_RATE.judge(ALL)
    assert now is not None
    moved = abs(now.said.value - value) > 0.1 * abs(value)
    assert material(now, value, now.severity, now.version) == moved
    assert material(now, now.said.value, now.severity, now.version + 1)
    assert not material(now, now.said.value, "high", now.version)
