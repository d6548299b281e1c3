"""Nobody is told of rows that are not theirs: by no word, no sum, no count, at no address."""

from __future__ import annotations

from pathlib import Path

import pytest

from revops_site.kernel.models import User, Workspace
from tests.proof.looking import differences
from tests.test_access import ROWS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MOST = 1  # addresses of each name; `make torture` asks for more


@pytest.fixture(autouse=True)
def files(settings: object, tmp_path: Path) -> None:
    settings.FILES, settings.UPLOADS = tmp_path / "files", tmp_path / "uploads"  # type: ignore[attr-defined]


def test_what_strangers_have_and_write_changes_no_answer_to_a_rep(
    workspace: Workspace, ana: User, cy: User, tmp_path: Path
) -> None:
    changed, telling, counts = differences(tmp_path, ana, cy, MOST)
    assert changed == {}
    assert telling == []
    asked = {name for name, row in ROWS.items() if "GET" in row.people} - {"account_logout"}
    assert asked <= set(counts), "an address that nobody tried"
