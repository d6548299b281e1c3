"""What threatens an open deal: its flags, how urgent it is, whether it will slip, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analytics.forecast import COMMIT
from pipeline.analytics.health import discounts, fallen
from pipeline.analytics.risk_reasons import reasons
from pipeline.analytics.scorecard import PUBLISHED, Rules

FLAGS: Mapping[str, str] = {
    "PAST_DUE": "Past Due",
    "STUCK": "Stuck",
    "GOING_DARK": "Going Dark",
    "NO_EB": "No EB",
    "NO_CHAMPION": "No Champion",
    "SINGLE_THREADED": "Single-Threaded",
    "CLOSE_DATE_SLIPPED": "Slipped",
    "CLOSE_DATE_PUSHED": "Pushed",
    "AMOUNT_DROP": "Amount Drop",
    "NO_NEXT_STEP": "No Next Step",
    "HEAVY_DISCOUNT": "Heavy Discount",
    "COMMIT_AT_RISK": "Commit At Risk",
}
BETWEEN = " • "
URGENCIES: Mapping[str, str] = {"CRITICAL": "🔴", "HIGH": "🟠", "MEDIUM": "🟡", "LOW": "🟢"}
RISKS = ("HIGH", "MEDIUM", "LOW")
ACTIONS = ("escalate", "call", "meeting", "email")
PEOPLE = ("NO_EB", "NO_CHAMPION", "SINGLE_THREADED")
Truths = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]


def with_risks(deals: pd.DataFrame, as_of: date, rules: Rules = PUBLISHED) -> pd.DataFrame:
    """Adds what is flagged of each deal and what follows from it.

    Needs what ``with_health`` gives and rotten_days, later_days (benchmarks of the stages after
    the deal's own), created_at, category, has_slipped, value (reporting currency), stage_name;
    champion, buyer, contact and manager, names or ""; muted, the flags that somebody muted.
    ``risk_flags`` are tuples of names in their order, all of them; ``heeded`` those not muted.
    ``slip_risk`` and ``urgency`` heed all flags: a muted one is as true as any. ``fell`` is by what
    share the amount is less than 30 days ago.
    Days are whole; ``days_until_close`` and ``deviation_days`` are NaN where unknown.
    """
    day = pd.Timestamp(as_of)
    until_close = _lapse(deals["close_date"] - day)
    expected = _numbers(deals["expected_days"])
    expected = np.where(expected > 0, expected, np.nan)
    in_stage = _numbers(deals["days_in_stage"])
    last = deals["last_activity_at"].fillna(deals["created_at"])
    known = deals.assign(
        fell=fallen(deals),
        days_since_activity=_lapse(day - last),
        days_until_close=until_close,
        deviation_days=in_stage - expected,
        remaining_expected_days=np.nan_to_num(np.maximum(0, expected - in_stage))
        + np.nan_to_num(_numbers(deals["later_days"])),
    )
    raised = _raised(known, day, rules)
    flags = _named(raised)
    heeded = [
        tuple(flag for flag in own if flag not in muted)
        for own, muted in zip(flags, deals["muted"], strict=True)
    ]
    urgency = _urgency(known, raised, rules)
    known = known.assign(
        risk_flags=pd.Series(flags, index=known.index, dtype="object"),
        heeded=pd.Series(heeded, index=known.index, dtype="object"),
        heeded_display=[display(own) for own in heeded],
        muted_display=[
            display(tuple(flag for flag in own if flag in muted))
            for own, muted in zip(flags, deals["muted"], strict=True)
        ],
        urgency=urgency,
        slip_risk=_slip_risk(known, raised, rules),
        primary_action=_action(known, raised, urgency, rules),
    )
    return known.assign(action_target=_targets(known), action_reason=reasons(known))


def display(flags: Sequence[str]) -> str:
    """The flags as people read them."""
    return _joined(tuple(flags))


@lru_cache(maxsize=8192)
def _joined(flags: tuple[str, ...]) -> str:
    return BETWEEN.join(FLAGS[flag] for flag in flags)


def _raised(deals: pd.DataFrame, day: pd.Timestamp, rules: Rules) -> dict[str, Truths]:
    expected = _numbers(deals["expected_days"])
    twice = np.where(expected > 0, expected * rules.stuck_times, np.nan)
    rotten = _numbers(deals["rotten_days"])
    stuck_from = np.where(np.isnan(rotten), twice, rotten)
    stuck_from = np.where(np.isnan(stuck_from), rules.stuck_days, stuck_from)
    is_late = _numbers(deals["stage_probability"]).round(9) >= rules.late_stage
    until_step = _lapse(deals["next_activity_at"] - day)
    planned = (until_step >= 0) & (until_step <= rules.next_days)
    score = _numbers(deals["health_score"])
    return {
        "PAST_DUE": _numbers(deals["days_until_close"]) < 0,
        "STUCK": _numbers(deals["days_in_stage"]) >= stuck_from,
        "GOING_DARK": _numbers(deals["days_since_activity"]) >= rules.quiet_days,
        "NO_EB": is_late & ~_true(deals["has_economic_buyer"]),
        "NO_CHAMPION": is_late & ~_true(deals["has_champion"]),
        "SINGLE_THREADED": _numbers(deals["engaged_contacts"]) <= rules.few_contacts,
        "CLOSE_DATE_SLIPPED": _true(deals["has_slipped"]),
        "CLOSE_DATE_PUSHED": _numbers(deals["push_count"]) >= rules.many_pushes,
        "AMOUNT_DROP": fallen(deals) >= rules.much_drop,
        "NO_NEXT_STEP": _true(deals["next_is_known"]) & ~planned,
        "HEAVY_DISCOUNT": discounts(deals) > rules.much_discount,
        "COMMIT_AT_RISK": (deals["category"] == COMMIT).to_numpy() & (score < rules.monitor_from),
    }


def _named(raised: Mapping[str, Truths]) -> list[tuple[str, ...]]:
    """Each row's flags; few of all combinations ever occur."""
    names = list(raised)
    code = sum((raised[name].astype(np.int64) << at for at, name in enumerate(names)), start=0)
    every = {
        one: tuple(name for at, name in enumerate(names) if one >> at & 1)
        for one in set(np.asarray(code).tolist())
    }
    return [every[one] for one in np.asarray(code).tolist()]


def _urgency(deals: pd.DataFrame, raised: Mapping[str, Truths], rules: Rules) -> list[str]:
    over = np.nan_to_num(_numbers(deals["deviation_days"]))
    is_soon = _numbers(deals["days_until_close"]) < rules.soon_days  # of an unknown day it is not
    score = _numbers(deals["health_score"])
    past_due, is_commit = raised["PAST_DUE"], (deals["category"] == COMMIT).to_numpy()
    critical = (
        (is_soon & (over > rules.over_critical))
        | (past_due & is_commit)
        | (is_soon & (score < rules.at_risk_from))
    )
    high = (over > rules.over_high) | past_due | (score < rules.at_risk_from)
    medium = (over > rules.over_medium) | (score < rules.monitor_from)
    return _chosen((critical, high, medium), tuple(URGENCIES))


def _slip_risk(deals: pd.DataFrame, raised: Mapping[str, Truths], rules: Rules) -> list[str]:
    left, needed = _numbers(deals["days_until_close"]), _numbers(deals["remaining_expected_days"])
    pushes = _numbers(deals["push_count"])
    high = (
        np.isnan(left)
        | raised["PAST_DUE"]
        | (left < (rules.slip_share * needed).round(9))
        | (pushes >= rules.slip_pushes)
    )
    medium = (left < needed) | (pushes >= 1) | raised["GOING_DARK"] | raised["STUCK"]
    return _chosen((high, medium), RISKS)


def _action(
    deals: pd.DataFrame, raised: Mapping[str, Truths], urgency: Sequence[str], rules: Rules
) -> list[str]:
    is_large = _numbers(deals["value"]) >= rules.large_amount
    needs_people = np.logical_or.reduce([raised[name] for name in PEOPLE])
    steps = (
        (np.array([one == "CRITICAL" for one in urgency], dtype=bool) & is_large, "escalate"),
        (raised["GOING_DARK"], "call"),
        (needs_people, "meeting"),
        (raised["PAST_DUE"], "call"),
    )
    return _chosen(tuple(when for when, _ in steps), (*(what for _, what in steps), "email"))


def _targets(deals: pd.DataFrame) -> pd.Series[str]:
    """Champion, else economic buyer, else who was engaged last; the manager where it escalates."""
    named = deals["champion"].where(deals["champion"] != "", deals["buyer"])
    named = named.where(named != "", deals["contact"])
    to_manager = (named == "") & (deals["primary_action"] == "escalate")
    return named.mask(to_manager, deals["manager"])


def _chosen(when: Sequence[Truths], names: Sequence[str]) -> list[str]:
    """Of each row the name of the first condition that holds, else the last name."""
    return [str(one) for one in np.select(list(when), list(names[: len(when)]), names[len(when)])]


def _numbers(values: pd.Series[Any]) -> Numbers:
    return np.asarray(pd.to_numeric(values), dtype="float64")


def _lapse(lapse: pd.Series[Any]) -> Numbers:
    return np.asarray(lapse.dt.days, dtype="float64")


def _true(values: pd.Series[Any]) -> Truths:
    """What is unknown counts as not so."""
    return values.eq(True).fillna(False).to_numpy(dtype=bool)
