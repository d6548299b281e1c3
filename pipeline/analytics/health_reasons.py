"""Why a deal has the points it has, in words, with the values that they rest on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

import pandas as pd

Said: TypeAlias = tuple[str, Mapping[str, Any]]


def stage_velocity(deal: Mapping[str, Any], _: date) -> Said:
    """Days in the stage beside its benchmark."""
    days, expected = int(deal["days_in_stage"]), _number(deal["expected_days"])
    evidence = {"days_in_stage": days, "expected_days": expected}
    if not expected:
        return f"{_days(days)} in its stage, which has no benchmark.", evidence
    return f"{_days(days)} in a stage that usually takes {expected:g}.", evidence


def activity_recency(deal: Mapping[str, Any], as_of: date) -> Said:
    """How long ago the last activity was."""
    last = _day(deal["last_activity_at"])
    if last is None:
        return "No activity so far.", {"last_activity_at": None}
    ago = (as_of - last).days
    return f"Last activity {_days(ago)} ago.", {"last_activity_at": last, "days": ago}


def stakeholders(deal: Mapping[str, Any], _: date) -> Said:
    """Who takes part."""
    people = int(deal["engaged_contacts"])
    known = {name: bool(deal[name] or False) for name in ("has_champion", "has_economic_buyer")}
    champion = "a champion" if known["has_champion"] else "no known champion"
    buyer = "an economic buyer" if known["has_economic_buyer"] else "no known economic buyer"
    noun = "contact" if people == 1 else "contacts"
    reason = f"{people} engaged {noun} in 90 days, {champion}, {buyer}."
    return reason, {"engaged_contacts": people, **known}


def close_date(deal: Mapping[str, Any], as_of: date) -> Said:
    """Whether the expected close lies ahead, and how often it was pushed."""
    expected, pushes = _day(deal["close_date"]), int(deal["push_count"])
    evidence = {"close_date": expected, "push_count": pushes}
    if expected is None:
        return "No expected close.", evidence
    if expected < as_of:
        return f"Expected close {_days((as_of - expected).days)} ago.", evidence
    if not pushes:
        return "Expected close never pushed.", evidence
    times = {1: "once", 2: "twice"}.get(pushes, f"{pushes} times")
    return f"Expected close pushed to a later month {times}.", evidence


def next_step(deal: Mapping[str, Any], as_of: date) -> Said:
    """What is planned."""
    if not deal["next_is_known"]:
        return "What was planned on that day is not recorded.", {"next_activity_at": None}
    planned = _day(deal["next_activity_at"])
    evidence = {"next_activity_at": planned}
    if planned is None or planned < as_of:
        return "Nothing is planned.", evidence
    return f"Next activity in {_days((planned - as_of).days)}.", evidence


def commercial(deal: Mapping[str, Any], _: date) -> Said:
    """What happened to amount and price."""
    amount, before = _number(deal["amount"]), _number(deal["amount_30d_ago"])
    discount = _number(deal["discount_pct"])
    evidence = {"amount": amount, "amount_30d_ago": before, "discount_pct": discount}
    fell = 1 - amount / before if before and amount is not None else 0.0
    price = f"discount {discount:.0%}" if discount else "no discount"
    value = f"Amount fell {fell:.0%} in 30 days" if round(fell, 9) >= 0.05 else "Amount held"
    return f"{value}, {price}.", evidence


REASONS: Mapping[str, Callable[[Mapping[str, Any], date], Said]] = {
    "stage_velocity": stage_velocity,
    "activity_recency": activity_recency,
    "stakeholders": stakeholders,
    "close_date": close_date,
    "next_step": next_step,
    "commercial": commercial,
}


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
