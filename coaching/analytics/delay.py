"""What is at stake where an action waits: whether the deal slips, and why."""

from __future__ import annotations

from dataclasses import dataclass

from revops_site.kernel import formats

MANY_PUSHES = 3


@dataclass(frozen=True)
class Stake:
    """A deal as its health tells it; None for the unknown. ``amount`` is reported money."""

    slip_risk: str
    amount: float | None
    days_until_close: int | None
    push_count: int
    currency: str


def risk_if_delayed(deal: Stake) -> str:
    """A sentence with the money and the days that it rests on."""
    what, days = _money(deal), deal.days_until_close
    if days is None:
        return f"Without an expected close, {_within(what)} can slip unseen."
    if deal.slip_risk == "HIGH" and days < 0:
        return f"{what} is {_days(-days)} past its expected close and likely to slip further."
    if deal.slip_risk == "HIGH" and deal.push_count >= MANY_PUSHES:
        return f"Pushed {deal.push_count} times: {_within(what)} is likely to slip again."
    if deal.slip_risk == "HIGH":
        return f"{what} is likely to slip: {_days(days)} left, and its stages usually take longer."
    if deal.slip_risk == "MEDIUM":
        return f"{what} may slip: expected {_when(days)}."
    return f"Little so far: {_within(what)} is expected {_when(days)} and on its way."


def _money(deal: Stake) -> str:
    if deal.amount is None:
        return "The deal"
    return formats.show(deal.amount, "amount_auto", deal.currency)


def _within(what: str) -> str:
    return "the deal" if what == "The deal" else what


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count:,} days"


def _when(days: int) -> str:
    return "today" if days == 0 else f"in {_days(days)}"
