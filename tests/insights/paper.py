"""Files that tests have made in the background, and what they read of printed ones."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pypdf import PdfReader

from insights.actions import files as actions
from insights.models import MadeFile
from insights.queries import files
from insights.reports.kinds import REPORTS
from insights.tasks import make_file
from revops_site.kernel import clock
from revops_site.kernel.models import User, Workspace
from tests.insights import a_company

FIGURE = re.compile(r'<dd class="value num"[^>]*>(.*?)</dd>', re.DOTALL)
CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>", re.DOTALL)
TAG = re.compile(r"<span class=\"vh\">.*?</span>|<[^>]*>", re.DOTALL)


@pytest.fixture(autouse=True)
def kept(settings: Any, tmp_path: Path) -> Path:
    settings.FILES = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def company(
    workspace: Workspace, ana: User, bo: User, cy: User, dee: User, vi: User, tmp_path: Path
) -> None:
    a_company.load(tmp_path / "company")


def work() -> None:
    """Make what the background was asked for, as a worker would, in its order."""
    for job in ProcrastinateJob.objects.filter(task_name=actions.TASK).order_by("id"):
        make_file(**job.args)


def made(user: User, address: str, kind: str = "report", suffix: str = "pdf") -> MadeFile:
    """A file of an address, for a person, when the background is through with it."""
    one = actions.ask(
        user=user, kind=kind, address=address, title="Asked", suffix=suffix, at=clock.now()
    )
    work()
    one.refresh_from_db()
    return one


def report(user: User, slug: str, query: str = "") -> str:
    """The text of a report, when it was made for this person."""
    one = made(user, REPORTS[slug].address(query))
    assert one.state == MadeFile.State.DONE, one.message
    return text(files.kept(one.sha256).read_bytes())


def text(pdf: bytes) -> str:
    """All that can be read in a PDF, in one line."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages(pdf)))


def pages(pdf: bytes) -> Any:
    return PdfReader(io.BytesIO(pdf)).pages


def squeezed(text: str) -> str:
    """A text without what lines and cells put between its signs."""
    return re.sub(r"\s+", "", text)


def figures(page: str) -> list[str]:
    """The headline figures of a page, as they are printed."""
    return [_plain(one) for one in FIGURE.findall(page)]


def cells_of(page: str) -> list[str]:
    """The cells of a page's tables, as they are printed."""
    return [_plain(one) for one in CELL.findall(page)]


def _plain(markup: str) -> str:
    return squeezed(html.unescape(TAG.sub("", markup)))
