"""Holds that a number is one number: what its rows make it, in every place that it is written.

An app's test gives a ``Case`` with plain Python that recomputes each ledger's metrics from the
rows that an explanation lists. ``hold`` asks for random parts of the loaded data, as one reader
or another, and compares every metric of every ledger with its rows, its SQL, its tile and its
files. What a part costs is shared by all of its metrics; of what only a whole page can show, each
part looks at a share that is another with every part.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from revops_site.kernel.queries import sharing
from tests.explained.asked import KINDS, Asking
from tests.explained.numbers import Case, Numbers, Reader
from tests.explained.part import Part

__all__ = ["PARTS", "SEEDS", "Case", "Reader", "hold"]

PARTS = len(KINDS)  # of each seed, one of each kind
SEEDS = pytest.mark.parametrize("seed", range(-(-50 // PARTS)))  # fifty parts together


def hold(case: Case, readers: Sequence[Reader], *, seed: int, count: int = PARTS) -> None:
    """Every metric of the case, for ``count`` random parts of what there is."""
    chance = random.Random(f"{case.page.slug} {seed}")
    rows = {ledger.slug: 0 for ledger in case.ledgers}
    for nth in range(count):
        reader = chance.choice([readers[0], *readers])
        said = f"seed {seed}, part {nth}, {reader.user.username}"
        with sharing():
            numbers = Numbers(case, reader)
            query = Asking(numbers, chance).question(KINDS[nth % len(KINDS)])
            numbers.said = f"{said}: {case.page.address}?{query}"
            part = Part(numbers, query, chance)
            part.hold(nth + seed * count)
        for slug, found in part.counts().items():
            rows[slug] += bool(found)
    assert all(rows.values()), f"never any rows: {rows}"
