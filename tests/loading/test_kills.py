"""A load that is killed has come in whole or not at all, and the next one goes on as usual."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from revops_site.kernel import freshness
from tests.loading.killing import kill_loop

assert subprocess  # processes are started: these tests are not pure


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_load_that_is_killed_leaves_nothing_behind(tmp_path: Path) -> None:
    freshness.workspace()
    counts = kill_loop(tmp_path, 15)
    assert sum(counts.values()) == 15
