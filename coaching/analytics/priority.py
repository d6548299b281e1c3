"""Which open deal a rep should turn to first: five factors, published and added up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

FACTORS: Mapping[str, int] = {
    "health": 30,
    "recency": 20,
    "amount": 20,
    "close_date": 15,
    "flags": 15,
}
LONG_AGO = 30  # days without contact from which on more do not count
CLOSE = ((14, 15), (30, 10), (60, 5), (90, 2))  # days until close, points
A_FLAG = 3
LARGE = 4  # medians of what is won, for all points of the amount
LEAST_CALLS, LEAST_OF_HOURS = 30, 10
TODAY, WEEK = 70, 45
MOST = 10


@dataclass(frozen=True)
class Open:
    """An open deal as its health tells it; None for the unknown. ``amount`` is reported money."""

    opportunity_id: str
    rep_id: str
    health: float
    days_since_contact: float
    amount: float | None
    days_until_close: int | None
    flags: int
    urgency: str


@dataclass(frozen=True)
class Ranked:
    """A deal with its factors, its score (0 to 100), when to turn to it, and its place."""

    deal: Open
    factors: Mapping[str, float]
    priority_score: float
    urgency: str
    priority_rank: int

    @property
    def order(self) -> tuple[float, float, float, str]:
        """What the first of several comes first by, of one rep or of many."""
        return _order(self.deal, self.factors)


def factors(deal: Open, median_won: float | None) -> dict[str, float]:
    """The five parts of the score (K15); ``median_won`` is that of the last four quarters."""
    amount = 0.0
    if deal.amount and median_won:
        amount = FACTORS["amount"] * min(1.0, max(0.0, deal.amount) / (LARGE * median_won))
    return {
        "health": FACTORS["health"] * (100 - deal.health) / 100,
        "recency": FACTORS["recency"] * min(deal.days_since_contact, LONG_AGO) / LONG_AGO,
        "amount": amount,
        "close_date": _close(deal.days_until_close),
        "flags": float(min(FACTORS["flags"], A_FLAG * deal.flags)),
    }


def score(parts: Mapping[str, float]) -> float:
    """The factors together, unrounded."""
    return sum(parts.values())


def shown(value: float) -> float:
    """A score with one decimal, half away from zero."""
    exact = Decimal(str(round(value, 9)))
    return float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


def urgency(value: float, of_deal: str) -> str:
    """today, this_week or soon: by the score and by the deal's own urgency."""
    value = round(value, 9)
    if value >= TODAY or of_deal == "CRITICAL":
        return "today"
    return "this_week" if value >= WEEK or of_deal == "HIGH" else "soon"


def ranked(
    deals: Iterable[Open], median_won: float | None, most: int | None = None
) -> Sequence[Ranked]:
    """The deals of each rep in order, reps by their ids (K16), each rep's ``most`` first ones.

    By score, then the larger amount, the nearer close date (none last), the id.
    """
    told = [(deal, factors(deal, median_won)) for deal in deals]
    told.sort(key=lambda one: (one[0].rep_id, *_order(*one)))
    found: list[Ranked] = []
    places: dict[str, int] = {}
    for deal, parts in told:
        place = places[deal.rep_id] = places.get(deal.rep_id, 0) + 1
        if most is None or place <= most:
            value = score(parts)
            found.append(Ranked(deal, parts, shown(value), urgency(value, deal.urgency), place))
    return found


def best_hours(calls: Mapping[int, tuple[int, int]]) -> tuple[int, int] | None:
    """The two hours in which most of a rep's calls are answered; None of fewer than 30 calls.

    ``calls`` has by the local hour how many were made and how many of them answered.
    """
    if sum(made for made, _ in calls.values()) < LEAST_CALLS:
        return None
    windows = []
    for hour in range(23):
        pairs = [calls.get(hour, (0, 0)), calls.get(hour + 1, (0, 0))]
        made, answered = (sum(one[nth] for one in pairs) for nth in (0, 1))
        if made >= LEAST_OF_HOURS:
            windows.append((-answered / made, -made, hour))
    return (min(windows)[2], min(windows)[2] + 2) if windows else None


def _order(deal: Open, parts: Mapping[str, float]) -> tuple[float, float, float, str]:
    near = float("inf") if deal.days_until_close is None else float(deal.days_until_close)
    return -round(score(parts), 9), -(deal.amount or 0.0), near, deal.opportunity_id


def _close(days: int | None) -> float:
    if days is None:
        return 0.0
    return float(next((points for limit, points in CLOSE if days <= limit), 0))


def until(close: date | None, day: date) -> int | None:
    """Days until a deal is expected to close, below 0 where that is past."""
    return None if close is None else (close - day).days
