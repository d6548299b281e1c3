"""The executive summary: what happened, why and what to do, each number as its own page has it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from insights.analytics.facts import Decided
from insights.analytics.insight import Parameters, Rule
from insights.analytics.summary import Figure, lede, sentence, strongest, unknown
from insights.panels.cards import find
from insights.rules import rules
from insights.tasks import asking
from marketing import metrics as marketing
from revenue import metrics as revenue
from revops_site.kernel import freshness
from revops_site.kernel.filters import Filters
from revops_site.kernel.models import AuditEvent, User, Workspace
from revops_site.kernel.permissions import EVERYBODY
from tests.conftest import AsUser
from tests.insights import a_quarter
from tests.simulators.model import KEY, Model

pytestmark = pytest.mark.django_db
HERE = "/insights/summary/"
PARTS = ("summary-revenue", "summary-pipeline", "summary-marketing")


@pytest.fixture
def company(workspace: Workspace, ana: User, bo: User, cy: User, tmp_path: Path) -> None:
    a_quarter.load(tmp_path)


@pytest.fixture
def model(settings: LazySettings, workspace: Workspace) -> Iterator[Model]:
    """A server that settings lead to, where the workspace wants it."""
    found = Model()
    settings.OUTGOING_LOOPBACK = True
    settings.LLM = {"url": found.url, "key": KEY, "model": "sim/one"}
    settings.LLM_SECONDS = 1.5
    Workspace.objects.update(sends_summary_to_model=True)
    yield found
    found.close()


def source(client: Client, address: str = HERE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", html.unescape(answer.content.decode()))


def rows(client: Client, part: str, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"{HERE}panels/{part}.json{query}")
    assert answer.status_code == 200, part
    found: list[dict[str, Any]] = json.loads(answer.content)["rows"]
    return found


def told(client: Client, query: str = "") -> list[dict[str, Any]]:
    return [one for part in PARTS for one in rows(client, part, query)]


def test_every_sentence_leads_to_the_number_that_it_tells(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    found = told(client)
    assert len(found) > 8
    shown = source(client)
    ways = re.findall(r'<a[^>]*href="(/explain/[^"]+)"[^>]*>([^<]+)</a>', shown)
    assert {text for _, text in ways} == {one["said"] for one in found}
    for way, text in ways:
        value = next(one["value"] for one in found if one["said"] == text)
        exact = re.findall(r'<data value="([^"]*)"', source(client, way))[0]
        assert (exact == "") == (value is None), way
        if value is not None:
            assert float(exact) == pytest.approx(value, rel=1e-12), way


def test_why_is_the_very_reason_that_its_own_page_gives(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    ways = re.findall(r'<a[^>]*href="(/why/[^"]+)"[^>]*>([^<]+)</a>', source(client))
    assert ways
    for way, text in ways:
        assert text.strip()[1:] in source(client, way), way


def test_a_rep_is_told_of_the_rep_s_own_deals(
    company: None, as_user: AsUser, ana: User, dee: User
) -> None:
    own = {one["metric"]: one["value"] for one in rows(as_user(ana), "summary-pipeline")}
    asked = rows(as_user(dee), "summary-pipeline", "?owner=ana")
    assert own == {one["metric"]: one["value"] for one in asked}
    everybody = {one["metric"]: one["value"] for one in rows(as_user(dee), "summary-pipeline")}
    assert own != everybody


def test_a_past_day_is_summed_up_as_it_was(company: None, as_user: AsUser, dee: User) -> None:
    client = as_user(dee)
    now, then = (rows(client, "summary-pipeline", query) for query in ("", "?as_of=2025-05-31"))
    assert [one["said"] for one in now] != [one["said"] for one in then]
    assert all("31 May 2025" in one["days"] for one in then)


def test_what_to_do_is_what_the_rules_suggest_less_what_the_reader_dismissed(
    company: None, as_user: AsUser, dee: User, bo: User
) -> None:
    client = as_user(dee)
    first = rows(client, "summary-actions", "?period=365d")[0]
    cards = json.loads(client.get("/insights/panels/cards.json").content)["rows"]
    gravest = cards[0]
    assert (first["headline"], first["action"]) == (
        gravest["headline"],
        gravest["suggested_action"],
    )
    given = {"do": "dismiss", "rule": gravest["rule"], "subject": gravest["subject"]}
    assert client.post("/insights/answer/", given).status_code == 302
    left = [one["headline"] for one in rows(client, "summary-actions", "?period=365d")]
    assert first["headline"] not in left


def test_an_empty_company_is_told_nothing_that_nobody_knows(
    workspace: Workspace, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    assert told(client) == []
    assert rows(client, "summary-actions") == []
    assert "Executive summary" in source(client)


def test_the_report_begins_with_the_summary(company: None, as_user: AsUser, dee: User) -> None:
    from insights.reports.gathering import chapters
    from insights.reports.kinds import EXECUTIVE

    (first, *_) = chapters(EXECUTIVE, dee, "", lambda *_: None)
    assert first.title == "Executive summary"
    assert [one.drawn.state for one in first.parts] == ["ok"] * 4


def test_a_model_words_the_sentences_with_their_own_numbers(
    company: None, as_user: AsUser, dee: User, model: Model
) -> None:
    client = as_user(dee)
    before = told(client)
    assert "Have sim/one word it" in source(client)
    assert client.post(HERE).status_code == 302
    assert "is asked to word it" in source(client)
    (job,) = ProcrastinateJob.objects.filter(task_name="insights.tasks.word_summary")
    sentences = job.args["sentences"]
    said = {f"s{nth}": one.replace(": ", " stands at ") for nth, one in enumerate(sentences, 1)}
    model.mode, model.says = "say", json.dumps({**said, "s1": "MRR: up 400%."})
    asking.word_summary(sentences=sentences)
    after = told(client)
    assert [one["value"] for one in after] == [one["value"] for one in before]
    assert after[0]["said"] == before[0]["said"]
    assert {one["said"] for one in after} >= {
        one.replace(": ", " stands at ") for one in sentences[1:]
    }
    shown = source(client)
    assert "400%" not in shown
    assert "worded by model: sim/one" in shown
    assert "word it" not in shown
    event = AuditEvent.objects.get(action="summary sent to a language model")
    assert event.detail["prompt"] == model.asked[0]["messages"][1]["content"]


def test_nothing_is_sent_unless_the_workspace_wants_it(
    company: None, as_user: AsUser, dee: User, model: Model
) -> None:
    Workspace.objects.update(sends_summary_to_model=False)
    client = as_user(dee)
    assert "word it" not in source(client)
    client.post(HERE)
    asking.word_summary(sentences=["MRR: $1.0M, up 3.1% from $970K."])
    assert model.asked == []


def test_who_may_not_work_deals_has_nothing_sent(
    company: None, as_user: AsUser, vi: User, model: Model
) -> None:
    client = as_user(vi)
    assert "word it" not in source(client)
    assert client.post(HERE).status_code == 403


def test_a_rule_that_fails_takes_no_other_along(company: None, workspace: Workspace) -> None:
    def fails(fact: Decided, parameters: Parameters) -> None:
        raise ZeroDivisionError

    broken: Rule[Decided, Parameters] = Rule(
        id="BROKEN",
        version=1,
        label="Broken",
        category="pipeline",
        direction="above",
        about=Decided,
        parameters=Parameters(1),
        say=fails,
        looks="For nothing.",
        needs=("pipeline_deals",),
    )
    at = freshness.workspace()
    whole = find(Filters(), EVERYBODY, rules(), at)
    found = find(Filters(), EVERYBODY, (broken, *rules()), at)
    assert [one.insight for one in found.found] == [one.insight for one in whole.found]
    assert [one.state for one in found.looks if one.rule.id == "BROKEN"] == ["failed"]


def figure(metric: Any, now: float | None, before: float | None, **more: Any) -> Figure:
    return Figure(metric, now, before, "June 2025", **more)


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (figure(revenue.MRR, 1_100_000, 1_000_000), "MRR: $1.1M, up 10.0% from $1.0M."),
        (figure(revenue.NRR, 1.0, 1.021), "NRR: 100.0%, down 2.1 points from 102.1%."),
        (figure(revenue.MRR, 5_000, 5_000), "MRR: $5K, the same as before."),
        (figure(revenue.NET_NEW, 5_000, -2_000), "Net new MRR: $5K, up $7K from −$2K."),
        (figure(revenue.MRR, 5_000, None), "MRR: $5K. Before, it is not known."),
        (
            figure(revenue.MRR, 5_000, None, is_compared=False),
            "MRR: $5K. The data begin after the compared period.",
        ),
    ],
)
def test_a_sentence_says_how_far_and_from_where(one: Figure, says: str) -> None:
    assert sentence(one, "USD") == says


def test_a_figure_that_nobody_knows_says_why() -> None:
    one = figure(revenue.NRR, None, None)
    assert sentence(one, "USD") == "NRR is not known for these days."
    assert unknown(one).startswith("Unknown where")


def test_better_and_worse_are_counted_by_what_a_figure_is_to_be() -> None:
    known = [
        figure(revenue.MRR, 2, 1),
        figure(revenue.CHURN_RATE, 0.02, 0.01),
        figure(marketing.SPEND, 5, 4),
        figure(revenue.NRR, 1.0, 1.0),
        figure(revenue.GRR, None, 1.0),
    ]
    assert lede(known) == "Of 3 figures that can be compared: 1 better, 1 worse, 1 the same."
    assert strongest(known) == [revenue.MRR.slug, revenue.CHURN_RATE.slug]
    assert lede([figure(revenue.MRR, 2, None)]) == ""
