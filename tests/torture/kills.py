"""Two hundred loads killed at random moments: nothing lost, nothing doubled, nothing half."""

from __future__ import annotations

from pathlib import Path

import pytest

from revops_site.kernel import freshness
from tests.loading.killing import kill_loop

KILLS = 200


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_hundred_loads_that_are_killed_leave_nothing_behind(tmp_path: Path) -> None:
    freshness.workspace()
    counts = kill_loop(tmp_path, KILLS)
    assert sum(counts.values()) == KILLS
    assert min(counts.values()) > 0  # else the moments were no random ones
