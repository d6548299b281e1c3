"""The demo's mail server: it keeps what it is given, on this machine alone, for ops to read."""

from __future__ import annotations

import smtplib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from revops_site.kernel.models import User, Workspace
from revops_site.sink import HOST, MOST_BYTES
from tests.conftest import AsUser

ROOT = Path(__file__).parent.parent
HOSTILE = "Subject: <script>alert(1)</script>\r\nTo: pat@globex.example\r\n\r\n<img src=x>\r\n"


@pytest.fixture
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MAIL_SINK = tmp_path / "mail"
    return tmp_path / "mail"


@pytest.fixture
def port(folder: Path) -> Iterator[int]:
    """Where the server listens, as long as it runs."""
    command = [sys.executable, "-m", "revops_site.sink", "--port", "0", "--folder", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.terminate()
        assert process.wait(20) == 0


def test_what_is_acknowledged_lies_on_the_disk(port: int, folder: Path) -> None:
    with smtplib.SMTP(HOST, port, timeout=20) as line:
        line.sendmail("revops@example.com", ["pat@globex.example"], HOSTILE)
    (path,) = folder.glob("*.mail")
    assert b"<img src=x>" in path.read_bytes()
    assert folder.stat().st_mode & 0o077 == 0


def test_it_takes_one_recipient_a_message_and_none_that_is_too_large(
    port: int, folder: Path
) -> None:
    with smtplib.SMTP(HOST, port, timeout=20) as line:
        two = ["pat@globex.example", "all@evil.example"]
        refused = line.sendmail("revops@example.com", two, HOSTILE)
        assert list(refused) == ["all@evil.example"]
        with pytest.raises(smtplib.SMTPResponseException):
            line.sendmail("revops@example.com", two[:1], "x" * (MOST_BYTES + 1))
    assert len(list(folder.glob("*.mail"))) == 1


@pytest.mark.django_db
def test_ops_read_it_as_text_and_nobody_else_does(
    port: int, folder: Path, as_user: AsUser, dee: User, bo: User, workspace: Workspace
) -> None:
    with smtplib.SMTP(HOST, port, timeout=20) as line:
        line.sendmail("revops@example.com", ["pat@globex.example"], HOSTILE)
    (path,) = folder.glob("*.mail")
    address = f"/data/mail/{path.stem}/"
    listed, shown = (as_user(dee).get(one).content.decode() for one in ("/data/", address))
    assert address in listed
    for text in (listed, shown):
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "&lt;img src=x&gt;" in shown
    assert as_user(bo).get(address).status_code == 403
    for name in ("none", "20260101T000000000000-00000000"):
        assert as_user(dee).get(f"/data/mail/{name}/").status_code == 404


@pytest.mark.django_db
def test_where_there_is_no_such_server_the_data_page_does_not_speak_of_it(
    folder: Path, as_user: AsUser, dee: User, workspace: Workspace
) -> None:
    assert "What was mailed?" not in as_user(dee).get("/data/").content.decode()
