"""2,000 follow-ups, and 200 workers killed while they send: none twice, none lost silently."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from revops_site.kernel import freshness
from revops_site.kernel.models import User
from tests.coaching.killing import kill_loop

MAILS, KILLS = 2_000, 200


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_that_are_killed_send_no_mail_twice_and_lose_none(
    ana: User, cy: User, dee: User, tmp_path: Path
) -> None:
    freshness.workspace()
    counts = kill_loop(tmp_path, dee, MAILS, KILLS)
    sys.stdout.write(f"\n{MAILS:,} mails, {KILLS} kills: {counts}")
    assert sum(counts[state] for state in ("sent", "failed", "unknown")) == MAILS
