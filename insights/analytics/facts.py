"""What rules look at: sums of one slice by name, money in the reporting currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Channel:
    """What a channel cost and brought; ``known_*`` are the rows whose revenue is known."""

    name: str
    spend: float
    leads: int
    closed_won: int
    known_spend: float
    known_revenue: float


@dataclass(frozen=True)
class Channels:
    """All channels of a slice, compared with each other."""

    channels: tuple[Channel, ...]
    currency: str


@dataclass(frozen=True)
class LeadCost:
    """What the leads of a channel and segment cost; ``most`` is the upper end of their range."""

    channel: str
    segment: str
    spend: float
    leads: int
    most: float
    currency: str


@dataclass(frozen=True)
class Decided:
    """Deals decided in the closed window; ``segment`` empty for all of them.

    ``target`` is the segment's benchmark where there is one; ``priced`` counts the won deals whose
    amount is known, ``won_amount`` sums these.
    """

    segment: str
    won: int
    lost: int
    priced: int
    won_amount: float
    target: float | None
    currency: str


@dataclass(frozen=True)
class Stuck:
    """Open deals, and those of them that are too long in their stage and large enough to matter."""

    open_deals: int
    open_amount: float
    missing_amount: int
    deals: int
    amount: float
    min_days: int
    min_amount: int
    currency: str


@dataclass(frozen=True)
class Pace:
    """The operands of velocity in one window."""

    open_deals: int
    won: int
    lost: int
    priced: int
    won_amount: float
    cycle_days: float

    @property
    def velocity(self) -> float | None:
        """Expected won value a day; None where any part of it is undefined."""
        if not (self.won and self.priced and self.cycle_days):
            return None
        win_rate = self.won / (self.won + self.lost)
        size, cycle = self.won_amount / self.priced, self.cycle_days / self.won
        return self.open_deals * win_rate * size / cycle


@dataclass(frozen=True)
class Paces:
    """Two windows of equal length, one after the other; ``whole``: the data cover both."""

    now: Pace
    before: Pace
    days: int
    whole: bool
    currency: str


@dataclass(frozen=True)
class StageTimes:
    """How long deals stay in a stage, in the last 90 days and in the 90 before.

    ``days`` and ``days_before`` are sums over ``exits`` and ``exits_before``; ``expected`` is the
    stage's benchmark. ``pipeline`` is the pipeline's name where it has to be told, ``pipeline_id``
    empty where it has none. ``whole``: the data cover both windows.
    """

    stage: str
    pipeline: str
    pipeline_id: str
    exits: int
    days: float
    exits_before: int
    days_before: float
    expected: int | None
    open_amount: float
    whole: bool
    currency: str


@dataclass(frozen=True)
class Outlook:
    """The forecast of the running quarter; None of what is not known.

    ``open_deals`` and ``open_amount`` are expected in it, ``remaining`` is still to be won, and
    ``required`` how many times past quarters needed that in pipeline. ``commit_deals`` stand in
    Commit, ``weak_*`` are those of them that are in bad health, ``priced`` those with an amount.
    """

    open_deals: int
    open_amount: float
    remaining: float | None
    required: float | None
    forecast: float
    week_ago: float | None
    commit_deals: int
    commit_amount: float
    weak_deals: int
    weak_amount: float
    priced: int
    currency: str


@dataclass(frozen=True)
class Work:
    """What a rep completed, beside the team: ``team`` names it, the rep is one of it.

    ``working_days`` are those the rep was there for; ``team_days`` sums those of all its reps.
    """

    rep_id: str
    name: str
    team: str
    done: int
    working_days: int
    team_done: int
    team_days: int
    open_amount: float | None
    currency: str


@dataclass(frozen=True)
class Churn:
    """Customers who paid when a month began, and those of them who had left when it ended."""

    month: date
    starting: int
    churned: int
    churned_mrr: float
    currency: str


@dataclass(frozen=True)
class Reason:
    """The reason that cost most, among those who left; ``known`` of ``churned`` gave one."""

    reason: str
    count: int
    mrr_lost: float
    all_lost: float
    churned: int
    known: int
    currency: str


@dataclass(frozen=True)
class Retention:
    """What the customers of a year ago paid then and pay now; ``segment`` empty for all."""

    segment: str
    month: date
    customers: int
    then: float
    now: float
    target: float | None
    currency: str


@dataclass(frozen=True)
class Point:
    """A day, week or month of a series, of the company or of the ``part`` that ``by`` names.

    The newest unusual one, or with a ``z`` of 0 that a series has none. ``points`` are those of the
    series; ``age`` counts the days since it ended; ``is_money`` where what it counts is money.
    """

    series: str
    label: str
    category: str
    by: str
    part: str
    grain: str
    start: date
    end: date
    age: int
    observed: float
    expected: float
    z: float
    relative: float
    points: int
    show: str
    is_money: bool
    currency: str
