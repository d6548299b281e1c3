"""In what a rep differs from top performers and the team, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from coaching.analytics.evidence import Sample, beyond_chance, chance, together
from revops_site.kernel import formats

Direction: TypeAlias = Literal["higher", "lower"]
Format: TypeAlias = Literal["decimal", "percent", "days"]

ENOUGH = 30  # decided deals on both sides, for a number to be put to a gap
FEW = 5
TOO_FEW = "Too few cases to say."
AHEAD = "Level with top performers, or ahead of them."
BY_CHANCE = "No more than chance may make of it."
UNKNOWN = "Not known."


@dataclass(frozen=True)
class Driver:
    """One measure that reps are compared by; a gap is told in ``words``, with its amount."""

    name: str
    label: str
    format_type: Format
    good: Direction
    words: str
    show: str


DRIVERS: Sequence[Driver] = (
    Driver("win_rate", "Win rate", "percent", "higher", "{} pts win rate", "percent"),
    Driver("avg_deal_size", "Deal size", "decimal", "higher", "{} more a deal", "amount_auto"),
    Driver("avg_sales_cycle_days", "Sales cycle", "days", "lower", "{} sooner", "days"),
    Driver("stakeholders", "Contacts per deal", "decimal", "higher", "{} more a deal", "decimal1"),
    Driver("activities", "Activities a day", "decimal", "higher", "{} more a day", "decimal1"),
    Driver("discount", "Discount", "percent", "lower", "{} less discount", "percent"),
)


@dataclass(frozen=True)
class Compared:
    """A rep's measure beside that of top performers and the team (K10); None for the unknown.

    ``gap_to_top`` above 0 is behind, in the measure's own unit; bars are of 100. ``is_driver``
    says that the rep differs from the top performers by more than chance would make of it.
    """

    driver: Driver
    rep_value: float | None
    top_performer_value: float | None
    team_avg_value: float | None
    gap_to_top: float | None
    gap_pct: float | None
    gap_impact: str
    bar_max: float | None
    rep_bar_pct: float | None
    top_bar_pct: float | None
    n: int
    is_driver: bool


def values(
    rep: float | None, top: float | None, team: float | None, good: Direction
) -> Mapping[str, float | None]:
    """The gap and the bars of three values: a positive gap is behind."""
    gap = None if rep is None or top is None else (top - rep if good == "higher" else rep - top)
    largest = max((one for one in (rep, top, team) if one is not None), default=None)
    return {
        "gap_to_top": gap,
        "gap_pct": gap / abs(top) if gap is not None and top else None,
        "bar_max": largest,
        "rep_bar_pct": _bar(rep, largest),
        "top_bar_pct": _bar(top, largest),
    }


def compared(
    rep: Mapping[str, Sample],
    top: Mapping[str, Sequence[Sample]],
    team: Mapping[str, Sequence[Sample]],
    currency: str,
    is_top: bool = False,
) -> list[Compared]:
    """A rep beside others by each driver whose sums are given, in the order of ``DRIVERS``.

    Sums by the driver's name; those of top performers hold the rep's own where ``is_top``. They
    are empty where they may not be shown.
    """
    known = [one for one in DRIVERS if one.name in rep]
    others = {one.name: _others(rep[one.name], top[one.name], is_top=is_top) for one in known}
    chances = [chance(rep[one.name], others[one.name]) for one in known]
    held = beyond_chance(chances)
    return [
        _compared(
            one,
            rep[one.name],
            top[one.name],
            team[one.name],
            currency,
            enough=_enough(one, rep, others),
            sure=sure,
        )
        for one, sure in zip(known, held, strict=True)
    ]


def _enough(one: Driver, rep: Mapping[str, Sample], others: Mapping[str, Sample]) -> bool:
    """Whether so many deals were decided on both sides that a number may be put to a gap.

    What is counted by days rests on the deals that were decided as well.
    """
    of = "win_rate" if one.name == "activities" and "win_rate" in rep else one.name
    least = FEW if one.name == "win_rate" else ENOUGH
    return min(rep[of].n, others[of].n) >= least


def _others(rep: Sample, top: Sequence[Sample], *, is_top: bool) -> Sample:
    every = together(top)
    return every.without(rep) if is_top else every


def _compared(
    one: Driver,
    rep: Sample,
    top: Sequence[Sample],
    team: Sequence[Sample],
    currency: str,
    *,
    enough: bool,
    sure: bool,
) -> Compared:
    best = together(top)
    three = rep.mean, best.mean, together(team).mean
    found = values(*three, one.good)
    return Compared(
        one,
        *three,
        gap_to_top=found["gap_to_top"],
        gap_pct=found["gap_pct"],
        gap_impact=_impact(one, found["gap_to_top"], currency, enough=enough, sure=sure),
        bar_max=found["bar_max"],
        rep_bar_pct=found["rep_bar_pct"],
        top_bar_pct=found["top_bar_pct"],
        n=int(rep.n),
        is_driver=sure,
    )


def _impact(one: Driver, gap: float | None, currency: str, *, enough: bool, sure: bool) -> str:
    """What closing the gap would be; a number only where enough deals support it."""
    if gap is None:
        return UNKNOWN
    if gap <= 0:
        return AHEAD
    if not enough:
        return TOO_FEW
    if not sure and one.name != "win_rate":
        return BY_CHANCE
    return one.words.format(_AMOUNTS.get(one.name, _amount)(one, gap, currency))


def _amount(one: Driver, gap: float, currency: str) -> str:
    return formats.show(gap, one.show, currency)


def _points(_: Driver, gap: float, __: str) -> str:
    return f"+{formats.show(gap * 100, 'integer')}"


def _days(_: Driver, gap: float, __: str) -> str:
    count = formats.show(gap, "integer")
    return f"{count} {'day' if count == '1' else 'days'}"


def _less(_: Driver, gap: float, __: str) -> str:
    return f"{formats.show(gap * 100, 'decimal1')} pts"


_AMOUNTS: Mapping[str, Callable[[Driver, float, str], str]] = {
    "win_rate": _points,
    "avg_sales_cycle_days": _days,
    "discount": _less,
}


def _bar(value: float | None, largest: float | None) -> float | None:
    if value is None or not largest:
        return None
    return 100 * value / largest
