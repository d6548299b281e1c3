"""Who may send bytes at all: of everybody else the body of a request is not even read."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from insights.actions import uploads as actions
from insights.models import Upload
from revops_site.kernel import clock
from revops_site.kernel.models import User
from tests.insights.sending import SEND, kept, page, send, table

__all__ = ["kept", "page"]

MB = 1024 * 1024


class Endless:
    """The body of a form with a file that never ends, and how much of it was read."""

    def __init__(self, token: str) -> None:
        self.read_so_far = 0
        part = "--x\r\nContent-Disposition: form-data; name="
        head = f'{part}"csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        self._head = f'{head}{part}"file"; filename="d.csv"\r\n\r\n'.encode()

    def read(self, size: int = MB) -> bytes:
        """The next bytes."""
        data, self._head = self._head[:size], self._head[size:]
        data = data or b"a,b\n" * (size // 4)
        self.read_so_far += len(data)
        assert self.read_so_far < 50 * MB
        return data

    readline = read


def pour(client: Client, body: Endless) -> Any:
    return client.request(
        **{
            "REQUEST_METHOD": "POST",
            "PATH_INFO": SEND,
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
            "CONTENT_LENGTH": str(2000 * MB),
            "wsgi.input": body,
        }
    )


@pytest.fixture
def incoming(tmp_path: Path, settings: Any) -> Path:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    (tmp_path / "incoming").mkdir()
    return tmp_path / "incoming"


@pytest.mark.parametrize("who", ["nobody", "ana", "vi"])
def test_a_file_from_whom_none_is_taken_is_neither_read_nor_written(
    incoming: Path, request: pytest.FixtureRequest, who: str
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    if who != "nobody":
        client.force_login(request.getfixturevalue(who))
    body = Endless(client.cookies["csrftoken"].value)
    answer = pour(client, body)
    assert answer.status_code == (302 if who == "nobody" else 403)
    assert body.read_so_far < MB
    assert [*incoming.iterdir()] == []


def test_a_file_without_the_forms_token_is_refused_before_it_is_written(incoming: Path) -> None:
    body = Endless("x")
    assert pour(Client(enforce_csrf_checks=True), body).status_code == 403
    assert body.read_so_far < MB
    assert [*incoming.iterdir()] == []


def test_a_file_lies_beside_the_kept_ones_while_it_comes_in(
    page: Client, incoming: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    asked: list[Path] = []

    def looked_at(place: Path) -> Any:
        asked.append(place)
        return usage(9, 9, 9**12)

    monkeypatch.setattr(shutil, "disk_usage", looked_at)
    assert send(page, table(3) + "\n" * 4 * MB).status_code == 302
    assert asked[0] == incoming
    assert [*incoming.iterdir()] == []


def test_what_was_half_received_when_the_machine_stopped_goes_after_a_day(
    incoming: Path, dee: User
) -> None:
    for name in ("tmpa.upload.csv", "tmpb.upload"):
        (incoming / name).write_bytes(b"a,b")
    old = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(incoming / "tmpa.upload.csv", (old, old))
    actions.forget_old(clock.now())
    assert [path.name for path in incoming.iterdir()] == ["tmpb.upload"]
    assert not Upload.objects.exists()
