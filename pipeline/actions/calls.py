"""Keeps what a rep or a manager says that the quarter will bring; nothing that was said changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from pipeline.datasets import FORECAST_CALLS
from pipeline.datasets.calls import LONGEST_NOTE
from pipeline.models import ForecastCall
from revops_site.kernel import audit
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User

AMOUNT = re.compile(r"([0-9]{1,40}(?:\.[0-9]{1,20})?)([km]?)", re.IGNORECASE)
GROUPED = re.compile(r"[0-9]{1,3}(?:[,’' ][0-9]{3})+(?:\.[0-9]+)?[km]?", re.IGNORECASE)
TIMES = {"": 1, "k": 1_000, "m": 1_000_000}
MOST = Decimal(10) ** 12
UNREADABLE = "Write an amount in digits, such as 250000, 250,000 or 250k."


class RefusedError(ValueError):
    """Why a call cannot be kept: a sentence by field, "" where it is of none."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


class Of(NamedTuple):
    """Of what a call is: the rep's deals or the team's, the quarter, the day of the data."""

    rep_id: str
    team: str
    quarter: str
    day: date
    currency: str
    forecast: float


@transaction.atomic
def submit(*, by: User, of: Of, commit: str, best_case: str, note: str, at: datetime) -> None:
    """Keep a call; the same sent again on the same day is kept once. Amounts as they were typed."""
    errors: dict[str, str] = {}
    commit_amount = _amount("commit", commit, errors)
    best = _amount("best_case", best_case, errors) if best_case.strip() else None
    note = " ".join("".join(one if one.isprintable() else " " for one in note).split())
    if commit_amount is not None and best is not None and best < commit_amount:
        errors["best_case"] = "The best case cannot be less than the commit."
    if len(note) > LONGEST_NOTE:
        errors["note"] = f"A note has at most {LONGEST_NOTE} characters; this one has {len(note)}."
    if errors or commit_amount is None:
        raise RefusedError(errors)
    try:
        rows.hold(FORECAST_CALLS)
    except rows.BusyError as busy:
        raise RefusedError({"": str(busy)}) from busy
    if _is_said(by, of, commit_amount, best, note):
        return
    row = {
        "rep_id": of.rep_id or None,
        "team_id": of.team or None,
        "period": of.quarter,
        "submitted_at": at.isoformat(),
        "commit_amount": str(commit_amount),
        "best_case_amount": None if best is None else str(best),
        "currency": of.currency,
        "submitted_by": str(by),
        "note": note,
        "forecast_amount": f"{of.forecast:.2f}",
        "on_day": of.day.isoformat(),
    }
    whose = of.rep_id or of.team
    said = rows.write(FORECAST_CALLS, [row], kind="app", source=f"call of {whose}", by=by)
    if said.refused:
        raise RefusedError({"": " ".join(f"{c.column} {c.reason}." for c in said.sample)})
    audit.record(
        "forecast called",
        user=by,
        target=f"{whose} {of.quarter}",
        commit=str(commit_amount),
        best_case="" if best is None else str(best),
        currency=of.currency,
    )


def _is_said(by: User, of: Of, commit: Decimal, best: Decimal | None, note: str) -> bool:
    """Whether the newest call says the same already: it was sent twice."""
    calls = ForecastCall.objects.filter(quarter=of.quarter)
    mine = calls.filter(rep_id=of.rep_id) if of.rep_id else calls.filter(team__name=of.team)
    last = mine.order_by("-submitted_at").first()
    return last is not None and (
        (last.commit_amount, last.best_case_amount, last.note, last.day, last.currency)
        == (commit, best, note, of.day, of.currency)
        and last.submitted_by == str(by)
    )


def _amount(field: str, text: str, errors: dict[str, str]) -> Decimal | None:
    """What was typed as an amount; None where it is none, with the reason among the errors."""
    bare = re.sub(r"^(?:[A-Z]{3}|[^\w\s.,+-]{1,3})\s*", "", text.strip())
    if GROUPED.fullmatch(bare):
        bare = re.sub(r"[,’' ]", "", bare)
    found = AMOUNT.fullmatch(bare)
    if found is None:
        errors[field] = "Say how much." if not text.strip() else UNREADABLE
        return None
    amount = Decimal(found[1]) * TIMES[found[2].lower()]
    if amount >= MOST:
        errors[field] = "That is more than can be meant: it has to be below a million millions."
        return None
    return amount.quantize(Decimal("0.01"))
