"""Workers that are killed while they send, and what has to be true of every mail afterwards."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from django.db import connection

from coaching.actions import drafting, posting
from coaching.actions import mails as actions
from coaching.models import Mail
from revops_site.kernel import clock
from revops_site.kernel.models import User, Workspace
from tests.coaching import a_mailbox, mail_server
from tests.coaching.mail_server import Server

ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "procrastinate", "worker"])
"""
SECONDS_A_MAIL = 0.04
OVER = {"sent", "failed", "unknown"}


def kill_loop(folder: Path, by: User, mails: int, kills: int) -> dict[str, int]:
    """Have so many mails sent by workers of which so many are killed; how the mails ended.

    Of the mailboxes, each tenth is busy at first, each twentieth is none, and each fiftieth's
    server says nothing after it took the mail.
    """
    Workspace.objects.update(mails_a_day=mails)
    a_mailbox.load(folder, mails)
    with mail_server.serving(SECONDS_A_MAIL) as server:
        _approve(by, mails)
        chance = random.Random(kills)
        for _ in range(kills):
            _killed(server, chance.uniform(0.0, 0.8))
        _finished(server, mails)
        return judged(server, mails)


def judged(server: Server, mails: int) -> dict[str, int]:
    """No mail came twice, and none is lost: each is sent, failed or shown as unknown."""
    # Each hour's first worker also drafts for what else waits; nobody approved those.
    sent = Mail.objects.exclude(state="draft")
    found = {one.message_id: one.state for one in sent}
    took = server.names
    assert len(found) == mails
    assert set(found.values()) <= OVER, Counter(found.values())
    assert set(took) <= set(found)
    assert [name for name, count in took.items() if count > 1] == [], "sent twice"
    assert [n for n, state in found.items() if state == "sent" and not took[n]] == [], "lost"
    assert [n for n, state in found.items() if state == "failed" and took[n]] == [], "not failed"
    unknown = Counter(n in took for n, state in found.items() if state == "unknown")
    counts = Counter(found.values())
    return {
        **{state: counts[state] for state in sorted(OVER)},
        "unknown that came": unknown[True],
        "unknown that did not": unknown[False],
        "twice": 0,
        "lost": 0,
    }


def _approve(by: User, mails: int) -> None:
    for nth in range(mails):
        made = drafting.one(by=by, deal_id=f"D{nth}", at=clock.now())
        assert made is not None
        odd = "grey" if nth % 10 == 1 else "gone" if nth % 20 == 2 else ""
        odd = "deaf" if nth % 50 == 3 else odd
        if odd:
            Mail.objects.filter(pk=made.pk).update(to_address=f"{odd}{nth}@globex.example")
        actions.approve(by=by, mail_id=made.pk, seen="1", at=clock.now())


def _killed(server: Server, after: float) -> None:
    """Kill a worker so many seconds after it began to send."""
    before = len(server.took)
    process = _worker(server)
    ends = time.monotonic() + 60
    while len(server.took) == before and _left() and time.monotonic() < ends:
        time.sleep(0.01)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()


def _finished(server: Server, mails: int) -> None:
    """Let a worker come to the end of all of them, as hours would pass between the tries."""
    process = _worker(server)
    ends = time.monotonic() + 180 + mails
    while _left() and time.monotonic() < ends:
        time.sleep(0.5)
        _hours_later()
    process.send_signal(signal.SIGKILL)
    process.wait()


def _worker(server: Server) -> subprocess.Popen[bytes]:
    _hours_later()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "SMTP_HOST": server.host,
        "SMTP_PORT": str(server.port),
    }
    name = str(connection.settings_dict["NAME"])
    quiet = subprocess.DEVNULL
    command = [sys.executable, "-c", WORKER, name]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)


def _hours_later() -> None:
    Mail.objects.filter(state="approved").update(next_try_at=clock.now())
    posting.wake()


def _left() -> bool:
    return Mail.objects.exclude(state__in=OVER).exists()
