"""What is kept for one reader is never given to another, in whatever order they ask."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from revops_site.kernel.models import User, Workspace
from tests.proof import a_house
from tests.proof.crawl import body_of
from tests.proof.looking import plain

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
REQUESTS = int(os.environ.get("REVOPS_CROSSED", "100"))
ADDRESSES = (
    *("/pipeline/panels/stage-distribution.json", "/pipeline/health/panels/health-distribution/"),
    *("/revenue/panels/mrr-waterfall.json", "/coaching/panels/coaching-reps.csv"),
    *("/pipeline/forecast/kpis.json", "/marketing/panels/funnel.json", "/palette/?q=deal"),
    *("/explain/pipeline-total/", "/ask/suggestions/?q=deals", "/pipeline/lists/stuck/"),
)


def test_readers_who_take_turns_are_each_told_their_own(
    workspace: Workspace, ana: User, bo: User, cy: User, dee: User, tmp_path: Path
) -> None:
    a_house.load(tmp_path / "house", a_house.OWN, a_house.FOREIGN)
    clients = {person.username: Client() for person in (ana, bo, cy, dee)}
    for person in (ana, bo, cy, dee):
        clients[person.username].force_login(person)
    asked = [(who, address) for who in clients for address in ADDRESSES]
    first = {one: said(clients[one[0]], one[1]) for one in asked}
    assert first["ana", ADDRESSES[0]] != first["cy", ADDRESSES[0]] != first["dee", ADDRESSES[0]]
    chance = random.Random(REQUESTS)
    mixed = []
    for _ in range(REQUESTS):
        who, address = chance.choice(asked)
        if said(clients[who], address) != first[who, address]:
            mixed.append((who, address))
    assert mixed == []


def said(client: Client, address: str) -> tuple[int, bytes]:
    """What somebody is told."""
    answer: Any = client.get(address)
    assert answer.status_code == 200, address
    return answer.status_code, plain(answer, body_of(answer))
