"""What is not one's own is not there: 404 for each address and method, as for what never was."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from revops_site.kernel.models import User, Workspace
from tests.conftest import AsUser
from tests.proof import a_house
from tests.proof.looking import pages_of, write_everywhere
from tests.test_access import HX, METHODS, ROWS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# The table whose rows an address's number names.
NUMBERED = {
    "alert_id": "insights.Alert",
    "annotation_id": "kernel.Annotation",
    "board_id": "insights.Board",
    "comment_id": "insights.Comment",
    "file_id": "insights.MadeFile",
    "firing_id": "insights.Firing",
    "mail_id": "coaching.Mail",
    "scenario_id": "pipeline.Scenario",
    "subscription_id": "insights.Subscription",
    "task_id": "pipeline.Task",
    "thread_id": "insights.Thread",
    "view_id": "insights.SavedView",
}
NAMED = {"deal_id": "deal", "account_id": "account", "customer_id": "customer"}
# These name rows of tables that only roles see who see all of them, or a page or a dataset.
OTHER = {
    *("age", "ages", "by", "code", "commitment_id", "counting", "entity", "id_", "key"),
    *("kind", "load_id", "measure", "meeting_id", "name", "number", "page", "panel", "panel_slug"),
    *("provider_id", "scope", "secret", "slug", "stage", "step", "token", "uidb36", "unit"),
    *("upload_id", "which", "widget"),
}


@pytest.fixture
def strangers(
    workspace: Workspace, ana: User, bo: User, cy: User, settings: object, tmp_path: Path
) -> Client:
    """Cy, who has rows and wrote into every form; Ana and her manager Bo know nothing of it."""
    settings.FILES, settings.UPLOADS = tmp_path / "files", tmp_path / "uploads"  # type: ignore[attr-defined]
    a_house.load(tmp_path / "house", a_house.OWN, a_house.FOREIGN)
    client = Client()
    client.force_login(cy)
    write_everywhere(client, pages_of(client, 1), a_house.MARK)
    return client


def parts_of(name: str) -> Iterator[Mapping[str, str]]:
    """The parts of this address that name what Cy has."""
    given = dict(ROWS[name].given)
    owned = [part for part in given if part in NUMBERED or part in NAMED or part == "rep_id"]
    for part in owned:
        if part in NAMED:
            yield given | {part: f"{a_house.MARK}-{NAMED[part]}-0"}
        elif part == "rep_id":
            yield given | {part: "cy"}
        else:
            newest = apps.get_model(NUMBERED[part]).objects.order_by("-pk").first()
            if newest is not None:
                yield given | {part: str(newest.pk)}


def test_each_part_of_an_address_is_known_as_somebodys_or_as_nobodys() -> None:
    parts = set(itertools.chain.from_iterable(row.given for row in ROWS.values()))
    assert parts == {*NUMBERED, *NAMED, "rep_id", *OTHER}


def test_strangers_rows_are_not_there_whatever_is_asked_of_them(
    strangers: Client, ana: User, bo: User, as_user: AsUser
) -> None:
    tried, there = 0, set()
    for person in (ana, bo):
        client = as_user(person)
        for name in ROWS:
            for given in parts_of(name):
                address = reverse(name, kwargs=dict(given))
                for method, headers in itertools.product(METHODS, ({}, HX)):
                    answer = client.generic(method, address, headers=headers)
                    tried += 1
                    declared = ROWS[name].answers(person.role) or {}
                    closed = {405} if method not in declared else {404, 403, 400, 422}
                    if answer.status_code not in closed:
                        there.add((person.username, name, method, answer.status_code))
                    text = re.sub(rb"Quorvex-(?:deal|account|customer)-0", b"", answer.content)
                    assert a_house.MARK.encode() not in text, (name, method)
    assert there == set()
    assert tried > 800
