"""A language model may choose what a question asks for, and no word of its own is shown."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.test import Client

from insights.tasks import asking
from revops_site.kernel.models import AuditEvent, User, Workspace
from tests.conftest import AsUser
from tests.simulators.model import KEY, Model

pytestmark = pytest.mark.django_db
TEXT = "how thirsty are the folks from LinkedIn"
CHOICE = {"is": "show", "metric": "marketing-leads", "channel": ["LinkedIn"], "period": "this_year"}


@pytest.fixture
def page(as_user: AsUser, vi: User, marketing_days: None) -> Client:
    return as_user(vi)


@pytest.fixture
def model(settings: LazySettings, workspace: Workspace) -> Iterator[Model]:
    """A server that settings lead to, where the workspace wants it."""
    found = Model()
    settings.OUTGOING_LOOPBACK = True
    settings.LLM = {"url": found.url, "key": KEY, "model": "sim/one"}
    settings.LLM_SECONDS = 1.5
    Workspace.objects.update(sends_questions_to_model=True)
    yield found
    found.close()


def answered(page: Client, model: Model, said: object, text: str = TEXT) -> str:
    """The page of a question once the worker has asked the model, which says this."""
    model.mode, model.says = "say", said if isinstance(said, str) else json.dumps(said)
    first = page.get("/ask/", {"q": text}).content.decode()
    assert "Not understood" in first
    asking.choose_question(text=text)
    return page.get("/ask/", {"q": text}).content.decode()


def test_its_choice_is_offered_in_our_words_as_an_address_of_ours(
    page: Client, model: Model
) -> None:
    source = answered(page, model, CHOICE)
    assert "Perhaps you mean" in source
    assert "Leads for LinkedIn this year" in source
    address = "/ask/?is=show&amp;metric=marketing-leads&amp;period=this_year&amp;channel=LinkedIn"
    assert f'href="{address}"' in source
    event = AuditEvent.objects.get(action="question sent to a language model")
    assert (event.detail["question"], event.detail["outcome"]) == (TEXT, "answered")


def test_the_page_asks_again_until_the_model_has_answered(page: Client, model: Model) -> None:
    model.mode, model.says = "say", json.dumps(CHOICE)
    assert 'hx-get="/ask/model/' in page.get("/ask/", {"q": TEXT}).content.decode()
    assert page.get("/ask/model/", {"q": TEXT, "tried": "1"}).status_code == 200
    asking.choose_question(text=TEXT)
    found = page.get("/ask/model/", {"q": TEXT, "tried": "2"})
    assert (found.status_code, b"Leads for LinkedIn" in found.content) == (286, True)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"is": "show", "metric": "salaries"},
        {"is": "show", "metric": "marketing-leads", "channel": ["<script>"]},
        {"is": "show", "metric": "marketing-leads", "owner": ["ana"]},
        {"is": "open", "place": "https://evil.example/"},
        {"is": "by", "metric": "revenue-nrr", "split": "channel"},
        {"is": "show", "metric": "marketing-leads", "period": "custom"},
        {"is": "show", "metric": ["marketing-leads"]},
        {"is": "top", "metric": "marketing-leads", "split": "channel", "top": 10**9},
        {"answer": "There were 4,711 leads, trust me"},
        "not even JSON, but 4,711 leads",
    ],
)
def test_what_the_grammar_could_not_have_read_is_not_shown(
    page: Client, model: Model, said: object
) -> None:
    source = answered(page, model, said)
    assert "Perhaps you mean" not in source
    assert "4,711" not in source
    assert "evil" not in source
    assert "Not understood" in source


def test_it_is_told_of_no_person_and_of_nothing_that_the_grammar_reads(
    page: Client, model: Model, ana: User
) -> None:
    answered(page, model, CHOICE)
    (asked,) = model.asked
    assert "Ana Almeida" not in json.dumps(asked)
    page.get("/ask/", {"q": "leads by channel"}, follow=True)
    asking.choose_question(text=TEXT)
    assert len(model.asked) == 1


def test_nothing_is_sent_where_the_workspace_does_not_want_it(page: Client, model: Model) -> None:
    Workspace.objects.update(sends_questions_to_model=False)
    assert "Perhaps" not in answered(page, model, CHOICE)
    assert model.asked == []


def test_a_model_that_fails_leaves_the_nearest_questions(page: Client, model: Model) -> None:
    model.mode = "broken"
    asking.choose_question(text=TEXT)
    assert "The nearest that can be answered" in page.get("/ask/", {"q": TEXT}).content.decode()
    assert "Perhaps" not in page.get("/ask/", {"q": TEXT}).content.decode()
