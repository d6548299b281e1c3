"""This machine's clock may be wrong: only the source's own is believed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings

from revops_site.kernel import clock
from tests.sync.conftest import connect, simulator
from tests.sync.test_changes import good
from tests.sync.truth import differences


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_is_wrong_by_a_day_loses_no_change(
    transactional_db: None, outgoing: LazySettings, days: int
) -> None:
    there = clock.now() + timedelta(days=days)
    with simulator("--deals", "200", "--now", f"{there:%Y-%m-%dT%H:%M:%SZ}") as one:
        connect(outgoing, one.url)
        good()
        for _ in range(2):
            one.change({"op": "random", "n": 20, "every": 11})
            good()
        assert differences(one) == []
