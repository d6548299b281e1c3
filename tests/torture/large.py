"""A CSV of 2 GB is read in a bounded memory, by a process that is measured from outside."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from marketing.models import MarketingDay
from revops_site.kernel import freshness
from tests.loading.conftest import MARKETING, text_of
from tests.loading.killing import INGEST, ROOT

GIGABYTES = float(os.environ.get("REVOPS_GIGABYTES", "2"))
MOST_MEGABYTES = 300
CAMPAIGNS = 2_000  # the same keys again and again: the newest row of each is kept


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_larger_than_the_memory_is_loaded(tmp_path: Path) -> None:
    freshness.workspace()
    path = tmp_path / "large.csv"
    header, line = text_of({**MARKETING, "campaign": "CAMPAIGN"}).splitlines()
    lines = [line.replace("CAMPAIGN", f"C{n}") for n in range(CAMPAIGNS)]
    block = "\n".join(lines) + "\n"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(header + "\n")
        while stream.tell() < GIGABYTES * 1_000_000_000:
            stream.write(block)
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-c", INGEST, name, str(path), "--dataset", "marketing_channels"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2_000:]
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    sys.stdout.write(f"\n{path.stat().st_size / 1e9:.2f} GB: {most:.0f} MB at most")
    assert MarketingDay.objects.count() == CAMPAIGNS
    assert most < MOST_MEGABYTES
