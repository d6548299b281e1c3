"""The team of the tests, loaded as ops would."""

from __future__ import annotations

from pathlib import Path

import pytest

from revops_site.kernel.models import User, Workspace
from tests.coaching import a_team


@pytest.fixture
def team(ana: User, bo: User, cy: User, dee: User, workspace: Workspace, tmp_path: Path) -> None:
    """Ana, Ben and Cat of EMEA, whom Bo manages; Cy of APAC; Dee runs RevOps."""
    a_team.load(tmp_path / "team")
