"""docs/reliability.md tells each promise once, and names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TOLD = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
COUNTS = {"A": 9, "B": 12, "C": 6, "D": 8, "E": 8, "F": 9, "S": 5}
ROW = re.compile(r"^\| ([A-Z]\d*) \| (.+?) \|(.*)\|(.+)\|$", re.MULTILINE)


def test_each_threat_has_one_row() -> None:
    rows = [name for name, *_ in ROW.findall(TOLD)]
    wanted = [f"{part}{nth}" for part, many in COUNTS.items() for nth in range(1, many + 1)]
    assert sorted(rows) == sorted([*wanted, "G"])


def test_each_row_names_tests_that_are_there_or_says_that_nothing_is_measured() -> None:
    for name, _, tests, measured in ROW.findall(TOLD):
        named = re.findall(r"tests/[\w/]+\.py", tests)
        assert named or "not measured" in measured, name
        missing = [one for one in named if not (ROOT / one).is_file()]
        assert missing == [], name
