"""The question whether to delete a row tells what would point at nothing then."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from pipeline.datasets import ACTIVITIES, NOTES, PIPELINE_DEALS, PIPELINES, STAGES
from pipeline.models import Deal, Pipeline
from revops_site.kernel.models import User
from tests.conftest import AsUser
from tests.kernel.test_admin_tables import pretend_size
from tests.sample_rows import sample
from tests.test_edits import DEAL, write


@pytest.fixture
def desk(dee: User, ana: User, workspace: object, as_user: AsUser) -> Client:
    write(PIPELINES, {"pipeline_id": "new", "pipeline_name": "Commercial"})
    write(PIPELINES, {"pipeline_id": "other", "pipeline_name": "Unused"})
    deals = ({**DEAL, "deal_id": f"D{n}", "pipeline_id": "new"} for n in range(3))
    write(PIPELINE_DEALS, *deals)
    write(STAGES, {**sample(STAGES), "pipeline_id": "new"})
    return as_user(dee)


def asked(desk: Client, model: str, *keys: str) -> str:
    """What the page says that asks, for one row or for several chosen ones."""
    if len(keys) == 1:
        return desk.get(reverse(f"admin:{model}_delete", args=keys)).content.decode()
    chosen = {"action": "delete_selected", "_selected_action": keys}
    return desk.post(reverse(f"admin:{model}_changelist"), chosen).content.decode()


@pytest.mark.parametrize("keys", [("new",), ("new", "other")])
def test_a_pipeline_is_not_deleted_without_a_word_on_its_deals(
    desk: Client, keys: tuple[str, ...]
) -> None:
    said = asked(desk, "pipeline_pipeline", *keys)
    assert "point at nothing then: 3 deals, 1 stage." in said
    assert "Yes, I’m sure" in said


def test_what_nothing_points_at_is_deleted_without_a_word(desk: Client) -> None:
    assert "point at nothing then" not in asked(desk, "pipeline_pipeline", "other")


def test_who_was_told_deletes_and_the_deals_stay(desk: Client) -> None:
    address = reverse("admin:pipeline_pipeline_delete", args=["new"])
    shown = desk.post(address, {"post": "yes"}, follow=True).content.decode()
    assert "point at nothing then" not in shown
    assert not Pipeline.objects.filter(pk="new").exists()
    assert Deal.objects.filter(pipeline_id="new").count() == 3


def test_a_deal_says_what_hangs_on_it(desk: Client) -> None:
    write(ACTIVITIES, {**sample(ACTIVITIES), "deal_id": "D1"})
    write(NOTES, *({**sample(NOTES, n), "deal_id": "D1"} for n in (1, 2)))
    said = asked(desk, "pipeline_deal", "D1")
    assert "1 activity" in said
    assert "2 notes" in said


def test_what_is_too_large_to_be_looked_through_is_named(desk: Client) -> None:
    pretend_size(Deal, 10_000_000)
    said = asked(desk, "pipeline_pipeline", "new")
    assert "perhaps some deals (too many to look through), 1 stage." in said
