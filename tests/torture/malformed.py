"""10,000 malformed files: each gets an answer, and each of its rows is accounted for."""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from pathlib import Path

import pytest

from revops_site.kernel import freshness
from tests.loading.conftest import EVERY_ROW, text_of
from tests.loading.test_fuzz import check

FILES = int(os.environ.get("REVOPS_MALFORMED", "10000"))
BYTES = b'\0\r\n",;\xff\xfe\xe9 9-.\\\t|\x1a='
SPELLINGS = ("utf-8", "utf-16", "utf-16-be", "cp1252", "utf-8-sig", "mac-roman")
CELLS = (
    *("", " ", "NULL", "nan", "inf", "-0", "1e400", "1e-9", "9" * 40, "1,234.5", "1.234,5", "٣"),
    *("2024-02-30", "0000-00-00", "31/12/99", "=1+1", "'; DROP TABLE x; --", "\u202eabc", "\x85"),
    *('"', '""', 'a"b', "a\nb", "a\r\nb", "\ufeff", "x" * 3_000, "true", "€5", "5 %", "{}", "\\N"),
)


def malformed(chance: random.Random, name: str) -> bytes:
    """A file of a dataset with cells, bytes, its encoding or its end as they should not be."""
    row = EVERY_ROW[name]
    rows = []
    for _ in range(chance.randrange(1, 6)):
        odd = chance.sample(list(row), chance.randrange(min(4, len(row))))
        rows.append({**row, **{column: chance.choice(CELLS) for column in odd}})
    data = bytearray(text_of(*rows).encode(chance.choice(SPELLINGS), errors="replace"))
    if chance.random() < 0.5:
        for _ in range(chance.randrange(1, 12)):
            data[chance.randrange(len(data))] = chance.choice(BYTES)
    if chance.random() < 0.3:
        del data[chance.randrange(len(data)) :]
    return bytes(data)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_malformed_file_gets_an_answer(transactional_db: None, tmp_path: Path) -> None:
    freshness.workspace()
    chance = random.Random(FILES)
    names = Counter(chance.choice(list(EVERY_ROW)) for _ in range(FILES))
    path = tmp_path / "f.csv"
    for name, many in names.items():
        for _ in range(many):
            path.write_bytes(malformed(chance, name))
            check(path, name)
    sys.stdout.write(f"\n{FILES:,} malformed files: 0 crashes, 0 rows unaccounted for")
