"""What waiting with an action risks is said with the money and the days that it rests on."""

from __future__ import annotations

import pytest

from coaching.analytics.delay import Stake, risk_if_delayed
from coaching.analytics.marks import lasts
from tests.pipeline.a_quarter import LAST_DAY


@pytest.mark.parametrize(
    ("risk", "amount", "days", "pushes", "said"),
    [
        ("HIGH", 120_000, -12, 0, "$120K is 12 days past its expected close"),
        ("HIGH", 120_000, None, 0, "Without an expected close, $120K can slip unseen."),
        ("HIGH", None, None, 0, "Without an expected close, the deal can slip unseen."),
        ("HIGH", 120_000, 20, 3, "Pushed 3 times: $120K is likely to slip again."),
        ("HIGH", None, 1, 0, "The deal is likely to slip: 1 day left"),
        ("MEDIUM", 5_000, 0, 1, "$5K may slip: expected today."),
        ("LOW", 5_000, 40, 0, "Little so far: $5K is expected in 40 days and on its way."),
    ],
)
def test_what_waiting_risks_is_said(
    risk: str, amount: float | None, days: int | None, pushes: int, said: str
) -> None:
    assert risk_if_delayed(Stake(risk, amount, days, pushes, "USD")).startswith(said)


def test_what_was_brought_back_holds_nothing() -> None:
    assert not lasts("taken back", None, LAST_DAY, LAST_DAY)
