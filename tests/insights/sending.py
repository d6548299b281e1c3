"""Files that tests send through the browser's door, and what they read of the answer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from insights.actions import uploads as actions
from insights.models import Upload
from insights.tasks import work_on_upload
from revops_site.kernel.models import User
from tests.conftest import AsUser

SEND = "/data/upload/"
HEADER = "Opportunity ID;Opportunity;Owner;Stage;Amount;Created;Status"
GOOD = "D-{0};Deal {0};ana@example.com;Discovery;1.500,25;31.03.2026;open"
BAD = "D-{0};Deal {0};ana@example.com;Discovery;much;31.03.2026;open"


def table(good: int = 3, bad: int = 0) -> str:
    """Deals as a stranger would write them; the bad ones come last."""
    rows = [GOOD.format(n) for n in range(good)]
    rows += [BAD.format(n) for n in range(good, good + bad)]
    return "\n".join([HEADER, *rows, ""])


@pytest.fixture(autouse=True)
def kept(settings: Any, tmp_path: Path, workspace: object) -> Path:
    settings.UPLOADS = tmp_path / "uploads"
    return tmp_path / "uploads"


@pytest.fixture
def page(as_user: AsUser, dee: User) -> Client:
    return as_user(dee)


def send(page: Client, content: bytes | str, name: str = "deals.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return page.post(SEND, {"file": SimpleUploadedFile(name, data)})


def sent(page: Client, content: bytes | str, name: str = "deals.csv") -> Upload:
    answer = send(page, content, name)
    assert answer.status_code == 302, text(answer)
    return Upload.objects.get(pk=int(answer["Location"].strip("/").rpartition("/")[2]))


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def shown(page: Client, one: Upload) -> str:
    answer = page.get(f"{SEND}{one.pk}/")
    assert answer.status_code == 200
    return text(answer)


def do(page: Client, one: Upload, what: str, **given: str) -> Any:
    return page.post(f"{SEND}{one.pk}/", {"do": what, **given})


def work() -> None:
    """Do what the background was asked for, as a worker would, in its order."""
    for job in ProcrastinateJob.objects.filter(task_name=actions.TASK).order_by("id"):
        work_on_upload(**job.args)


def fact(shown: str, name: str) -> str:
    found = re.search(rf"<dt>{name}</dt><dd>([^<]*)</dd>", shown)
    assert found is not None, name
    return found[1]
