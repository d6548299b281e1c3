"""What a rep's figures say in sentences: strengths, what to improve, and what to do about it.

Each point names the panel that bears it out. Nothing is said of fewer than five cases, and where
chance alone may make a difference, the point says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coaching.analytics.drivers import FEW, Compared
from coaching.analytics.phrases import (
    BY_CHANCE,
    QUIET,
    detail,
    improvement_title,
    number,
    strength_title,
)
from coaching.analytics.points import Calls, Known, Point, Stage, Told
from coaching.analytics.trend import IMPROVING, WORSENING, Trend
from revops_site.kernel import formats

MOST = 3
LEAST_SHARE = 0.10
LEAST_LOST = 5
QUIET_DAYS, QUIET_SHARE = 10, 0.5  # as the rule of quiet reps
NOT_JUDGED = "Not judged yet"
NOTHING = "Nothing stands out beyond chance"


def told(known: Known) -> Told:
    """The three largest strengths and gaps, the first actions, and all in two sentences (K17)."""
    strengths, improvements = _strengths(known)[:MOST], _improvements(known)[:MOST]
    return Told(
        strengths,
        improvements,
        known.actions[:MOST],
        _assessment(known, strengths, improvements),
        _focus(strengths, improvements),
    )


def _strengths(known: Known) -> list[Point]:
    found = [
        _of_driver(one, known, is_strength=True)
        for one in known.to_team
        if one.n >= FEW and one.gap_pct is not None and _is_ahead(one)
    ]
    found.sort(key=lambda one: -one.share)
    rising = _of_trend(known.trend, IMPROVING)
    return [*([rising] if rising else []), *found]


def _is_ahead(one: Compared) -> bool:
    """By a tenth, or by less where chance would not make it."""
    share = -round(one.gap_pct or 0.0, 9)
    return share >= LEAST_SHARE or (share > 0 and one.is_driver)


def _improvements(known: Known) -> list[Point]:
    """Where top performers may not be told, the gaps are those to the team."""
    has_top = any(one.gap_pct is not None for one in known.to_top)
    found = [
        _of_driver(one, known, is_strength=False, beside_top=has_top)
        for one in (known.to_top if has_top else known.to_team)
        if one.n >= FEW and one.gap_pct is not None and round(one.gap_pct, 9) >= LEAST_SHARE
    ]
    found += [_of_stage(one) for one in known.stages]
    if known.calls is not None and known.calls.is_off:
        found.append(_of_calls(known.calls))
    found.sort(key=lambda one: -one.share)
    falling = _of_trend(known.trend, WORSENING)
    return [*([falling] if falling else []), *found]


def _of_driver(
    one: Compared, known: Known, *, is_strength: bool, beside_top: bool = False
) -> Point:
    other = one.top_performer_value or 0.0
    is_quiet = not is_strength and _is_quiet(one, known.done_before)
    title = strength_title(one) if is_strength else improvement_title(one, is_quiet=is_quiet)
    beside = "Top performers" if beside_top else "Team"
    return Point(
        kind=one.driver.name,
        title=title,
        detail=detail(one, beside_top=beside_top, currency=known.currency),
        caveat="" if one.is_driver else BY_CHANCE,
        value=number(one.driver, one.rep_value, known.currency),
        comparison=f"{beside} {number(one.driver, other, known.currency)}, n {one.n:,}",
        panel="rep-drivers",
        share=abs(one.gap_pct or 0.0),
        impact="" if is_strength else one.gap_impact,
        action="" if is_strength else _do(one, known, is_quiet=is_quiet),
    )


def _is_quiet(one: Compared, before: float | None) -> bool:
    """Whether much less is done than in the team, and than the rep did before."""
    if one.driver.name != "activities" or one.n < QUIET_DAYS:
        return False
    now = one.rep_value or 0.0
    return all(than and now < QUIET_SHARE * than for than in (one.team_avg_value, before))


def _do(one: Compared, known: Known, *, is_quiet: bool) -> str:
    """What may be done about a gap, by what else is known."""
    if is_quiet:
        return QUIET
    if one.driver.name == "win_rate":
        return _lost(known)
    if one.driver.name == "activities" and known.low_days:
        return f"Keep time free on {' and '.join(known.low_days)}, when least is done."
    return DO[one.driver.name]


def _lost(known: Known) -> str:
    if known.stages:
        return f"Go through the deals that ended in {known.stages[0].name}: most is lost there."
    if known.lost and known.lost[2] >= LEAST_LOST and known.lost[0]:
        reason, many, lost = known.lost
        return (
            f"{many:,} of {lost:,} lost deals are put down to “{reason}”: go through them together."
        )
    return DO["win_rate"]


DO: Mapping[str, str] = {
    "win_rate": "Go through the last lost deals together: what was missing when they began?",
    "avg_deal_size": "Look at the smallest won deals: who was asked, and what was not offered?",
    "avg_sales_cycle_days": "Agree on dates for each stage with the customer, and hold to them.",
    "stakeholders": "Bring one more person into each open deal, beginning with the largest.",
    "activities": "Plan the calls of the week on Monday, the silent deals first.",
    "discount": "Before the next discount: what does the customer give for it?",
}


def _of_trend(trend: Trend | None, word: str) -> Point | None:
    if trend is None or trend.word != word:
        return None
    (before, of_before), (lately, of_lately) = trend.before, trend.lately
    was, now = (formats.show(a / b, "percent") for a, b in (trend.before, trend.lately))
    is_up = word == IMPROVING
    way = "rose, above" if is_up else "fell, below"
    n = trend.quarters // 2
    return Point(
        kind="trend",
        title="Win rate is rising" if is_up else "Win rate is falling",
        detail=(
            f"The win rate {way} what it was: {now} of {of_lately:,} decided deals in the last {n} "
            f"quarters, {was} of {of_before:,} before."
        ),
        caveat="",
        value=now,
        comparison=f"{was} before, n {of_lately + of_before:,}",
        panel="rep-quarters",
        share=abs(lately / of_lately - before / of_before),
        impact="" if is_up else "What was lost would be won again.",
        action="" if is_up else "Ask what changed: accounts, product, or the way of selling.",
    )


def _of_stage(one: Stage) -> Point:
    own = one.moved_on / one.resolved
    shown, team = (formats.show(value, "percent") for value in (own, one.team))
    return Point(
        kind="stage",
        title=f"Deals stop in {one.name}",
        detail=f"{shown} of {one.resolved:,} deals moved on from {one.name}; in the team {team}.",
        caveat="",
        value=shown,
        comparison=f"Team {team}, n {one.resolved:,}",
        panel="rep-stages",
        share=(one.team - own) / one.team if one.team else 0.0,
        impact="More deals that move on.",
        action=f"Take the last deals lost in {one.name}: what would have shown it sooner?",
        names=True,
    )


def _of_calls(one: Calls) -> Point:
    off = formats.show(abs(one.bias), "percent")
    way = "above" if one.bias > 0 else "below"
    return Point(
        kind="calls",
        title=one.verdict,
        detail=(
            f"The calls of {one.quarters:,} closed quarters were {off} {way} what was then won."
        ),
        caveat="",
        value=formats.show(one.bias, "percentDelta"),
        comparison=f"0% is right, {one.quarters:,} quarters",
        panel="rep-calls",
        share=abs(one.bias),
        impact="A forecast that can be relied on.",
        action="Go through what each called deal still needs before the next call.",
    )


def _assessment(known: Known, strengths: Sequence[Point], improvements: Sequence[Point]) -> str:
    """The tier and the largest gap, in sentences of numbers alone."""
    if known.attainment is None:
        said = ["No quota to date is known, so there is no tier."]
    else:
        attained = formats.show(known.attainment, "percent")
        said = [f"{known.tier or NOT_JUDGED}: {attained} of the quota to date is won."]
    first = next((one for one in improvements if not one.names), None)
    if first:
        doubt = ", which chance may make" if first.caveat else ""
        said.append(f"The largest gap{doubt}: {first.title.lower()} ({first.value}).")
    elif strengths:
        said.append(f"The largest strength: {strengths[0].title.lower()} ({strengths[0].value}).")
    if first and any(one.kind == "trend" for one in strengths):
        said.append("The win rate is rising.")
    return " ".join(said)


def _focus(strengths: Sequence[Point], improvements: Sequence[Point]) -> str:
    """What to begin with: a gap that chance does not explain; else a strength like that."""
    gap, lead = (
        next((one for one in points if not one.caveat), None)
        for points in (improvements, strengths)
    )
    if gap:
        return gap.title
    return f"Keep it up: {lead.title.lower()}" if lead else NOTHING
