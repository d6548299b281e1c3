"""The overview's figures are what the rows behind them make them, for each role's overview."""

from __future__ import annotations

from pathlib import Path

import pytest

from insights.panels import overview
from revops_site.kernel.models import User, Workspace
from tests import revenue_customers as customers
from tests.conftest import AsUser
from tests.explained import SEEDS, Case, Reader, hold
from tests.pipeline import test_explained as pipeline
from tests.revenue import test_explained as revenue


@pytest.fixture
def company(workspace: Workspace, ana: User, bo: User, cy: User, vi: User, tmp_path: Path) -> None:
    """Two years of deals, quotas and activities, and of what customers pay."""
    folders = [tmp_path / name for name in ("pipeline", "revenue")]
    for folder in folders:
        folder.mkdir()
    pipeline.load(folders[0])
    assert customers.load(folders[1], **revenue.files()).exit_code == 0


@SEEDS
def test_every_figure_is_what_its_rows_make_it(company: None, as_user: AsUser, seed: int) -> None:
    reader = User.objects.get(username=("vi", "bo", "ana")[seed % 3])
    recompute = {**pipeline.RECOMPUTE, **revenue.RECOMPUTE}
    case = Case(overview.of(reader.role), (), recompute, revenue.SINCE)
    hold(case, [Reader(reader, as_user(reader))], seed=seed)
