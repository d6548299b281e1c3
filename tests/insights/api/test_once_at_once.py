"""The same post from many threads at once has one effect for each key, and one answer."""

from __future__ import annotations

import os
import random
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from insights.models import KeptAnswer, Upload
from revops_site.kernel.models import AuditEvent, User, Workspace
from tests.insights.api.programs import program

KEYS = int(os.environ.get("REVOPS_KEYS", "4"))
POSTS = int(os.environ.get("REVOPS_POSTS", "10"))
AT_ONCE = 16
MOST_TRIES = 1_000
UPLOAD = "/api/ingest/upload"
ROWS = b"channel,date,spend,leads\nLinkedIn,2025-06-01,100,3\n"


@pytest.mark.django_db(transaction=True)
def test_each_key_has_one_effect_however_many_post_it_at_once(
    workspace: Workspace, dee: User, settings: LazySettings, tmp_path: Path
) -> None:
    settings.UPLOADS, settings.API_REQUESTS_A_MINUTE = tmp_path, 0
    client = program(dee, "write")
    secret = client.defaults["HTTP_AUTHORIZATION"]
    posts = [f"key-{nth % KEYS}" for nth in range(KEYS * POSTS)]
    random.Random(8).shuffle(posts)
    answers: dict[str, set[bytes]] = defaultdict(set)

    def post(key: str) -> tuple[str, bytes, int]:
        """What is answered in the end, to a program that comes back when it is told to wait."""
        try:
            for nth in range(MOST_TRIES):
                file = SimpleUploadedFile("days.csv", ROWS, "text/csv")
                headers = {"Authorization": secret, "Idempotency-Key": key}
                answer = Client().post(UPLOAD, {"file": file}, headers=headers)
                if answer.status_code == 202:
                    return key, answer.content, nth
                assert answer.status_code == 409, answer.content
                assert "under way" in answer.json()["detail"]
                time.sleep(0.02)
            raise AssertionError(f"{key} was told to wait {MOST_TRIES} times")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        said = list(crowd.map(post, posts))
    for key, content, _ in said:
        answers[key].add(content)
    waits = sum(waited for _, _, waited in said)
    sys.stdout.write(f"\n{len(posts)} posts of {KEYS} keys, told to wait {waits} times")
    assert Upload.objects.count() == KeptAnswer.objects.count() == KEYS
    assert {key: len(told) for key, told in answers.items()} == dict.fromkeys(set(posts), 1)
    assert AuditEvent.objects.filter(action="file uploaded").count() == KEYS
