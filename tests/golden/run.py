"""Runs worked examples through the product's own code and says how they went."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum

from django.core.cache import cache
from django.db import transaction

from tests.golden import compare
from tests.golden.adapters import ADAPTERS
from tests.golden.files import Golden


class Verdict(Enum):
    """How one worked example went."""

    PASSED = "passed"
    FAILED = "failed"
    WITHOUT_ADAPTER = "without adapter"


@dataclass(frozen=True)
class Outcome:
    """One worked example's verdict, and what was wrong."""

    golden: Golden
    verdict: Verdict
    complaints: tuple[str, ...] = ()


def complaints(golden: Golden) -> tuple[str, ...]:
    """What is wrong with the product's answer; nothing when it is right.

    The rows it needs are written to the database: call it where they are rolled back.
    """
    cache.clear()
    answer = ADAPTERS[golden.family](golden)
    return (
        *compare.differences(golden.expected, answer, golden.tolerance),
        *compare.traps(golden.forbidden, answer, golden.tolerance),
    )


def judge(golden: Golden) -> Outcome:
    """Run one worked example and leave the database as it was."""
    if golden.family not in ADAPTERS:
        return Outcome(golden, Verdict.WITHOUT_ADAPTER)
    with transaction.atomic():
        try:
            found = complaints(golden)
        except Exception as error:  # whatever it is, it fails its example and not the run
            found = (f"{type(error).__name__}: {error}",)
        transaction.set_rollback(True)
    return Outcome(golden, Verdict.FAILED if found else Verdict.PASSED, found)


def report(outcomes: Sequence[Outcome], families: Collection[str] = ()) -> tuple[str, bool]:
    """The lines to print, and whether all is well.

    It is when something passed, nothing failed, and each of ``families`` ran at least once.
    """
    lines = []
    for outcome in outcomes:
        lines.append(f"{outcome.verdict.value:>15}  {outcome.golden.name}")
        lines += [f"{'':>15}  - {complaint}" for complaint in outcome.complaints]
    ran = {one.golden.family for one in outcomes if one.verdict is not Verdict.WITHOUT_ADAPTER}
    idle = [family for family in families if family not in ran]
    lines += [f"No example of the family {family} was run." for family in idle]
    verdicts = [outcome.verdict for outcome in outcomes]
    lines.append(", ".join(f"{verdicts.count(verdict)} {verdict.value}" for verdict in Verdict))
    well = Verdict.PASSED in verdicts and Verdict.FAILED not in verdicts and not idle
    return "\n".join(lines), well
