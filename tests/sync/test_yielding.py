"""A sync in the background leaves processors to those who wait for a page."""

from __future__ import annotations

import os
import sys
import threading

import pytest
from django.db import connection

from revops_site.kernel import sync


@pytest.mark.skipif(sys.platform != "linux", reason="threads have places of their own on Linux")
def test_a_sync_and_its_session_stand_back(transactional_db: None) -> None:
    seen: list[int] = []

    def work() -> None:
        with sync.giving_way(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            session = cursor.fetchone()[0]
            seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
            seen.append(os.getpriority(os.PRIO_PROCESS, session))
        connection.close()

    mine = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen[0] >= 15
    if connection.settings_dict["ENGINE"] == "revops_site.embedded":
        assert seen[1] >= 15
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == mine
