"""Workers that are killed while they send: a small part of what `make torture` tries."""

from __future__ import annotations

from pathlib import Path

import pytest

from revops_site.kernel import freshness
from revops_site.kernel.models import User
from tests.coaching.killing import kill_loop


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_that_are_killed_send_no_mail_twice_and_lose_none(
    ana: User, cy: User, dee: User, tmp_path: Path
) -> None:
    freshness.workspace()
    counts = kill_loop(tmp_path, dee, mails=30, kills=3)
    assert sum(counts[state] for state in ("sent", "failed", "unknown")) == 30
