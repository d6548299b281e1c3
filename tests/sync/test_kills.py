"""A sync that is killed loses nothing, and nothing is half visible."""

from __future__ import annotations

import pytest

from tests.sync.conftest import Simulator
from tests.sync.killing import kill_loop


@pytest.mark.slow
def test_a_killed_sync_goes_on_where_it_stopped(pipedrive: Simulator) -> None:
    counts = kill_loop(pipedrive, kills=3)
    assert sum(counts.values()) == 3
