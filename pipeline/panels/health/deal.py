"""The health of one deal: its components with their evidence, its flags, and what to do."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pipeline.analytics import health, risks
from pipeline.analytics.health import Component
from pipeline.analytics.risk_reasons import why
from pipeline.panels.health.judged import judge, rules
from pipeline.panels.health.kept import whole_slice
from pipeline.queries import risks as known
from pipeline.queries import standing
from revops_site.kernel.filters import Slice
from revops_site.kernel.freshness import remembered
from revops_site.kernel.queries import generation, shared, workspace


@dataclass(frozen=True)
class Muted:
    """Who muted a flag, when, why, and until which day; None until it is taken back."""

    who: str
    on: date
    why: str
    until: date | None
    key: str


@dataclass(frozen=True)
class Flagged:
    """A flag of a deal: its name, what people read, why it is raised, and who muted it."""

    name: str
    label: str
    why: str
    muted: Muted | None


@dataclass(frozen=True)
class Judged:
    """An open deal of a day: score and band, components, flags, risks, and what to do.

    ``row`` has every value it was judged by, by the names of ``risks.with_risks``.
    """

    deal_id: str
    as_of: date
    health_score: int
    health_category: str
    components: Sequence[Component]
    flags: Sequence[Flagged]
    urgency: str
    urgency_icon: str
    slip_risk: str
    primary_action: str
    action_target: str
    action_reason: str
    days_in_stage: int
    days_since_activity: int
    days_until_close: int | None
    deviation_days: int | None
    row: Mapping[str, Any]


@shared
def of_deal(deal_id: str, day: date | None = None) -> Judged | None:
    """A deal's health as of a day, else of the newest one, reckoned from what is known now.

    None where it was not open then. Who may see it is for the caller to ask.
    """
    day = day or standing.last_day()
    if day is None:
        return None
    whole = whole_slice(day, workspace())
    about = hashlib.blake2s(deal_id.encode(), digest_size=12).hexdigest()
    key = f"judged:{about}:{whole.cache_key}:{standing.zone().key}:{generation()}"
    return remembered(key, lambda: _judged(deal_id, whole))


def _judged(deal_id: str, whole: Slice) -> Judged | None:
    day = whole.as_of
    found = judge(whole, (deal_id,))
    if found.empty:
        return None
    row = {str(name): value for name, value in found.iloc[0].to_dict().items()}
    muted = {one.flag: one for one in known.mutes((deal_id,), day)}
    return Judged(
        deal_id=deal_id,
        as_of=day,
        health_score=int(row["health_score"]),
        health_category=row["health_category"],
        components=health.components(row, day, rules()),
        flags=[
            Flagged(flag, risks.FLAGS[flag], why(flag, row), _muted(muted.get(flag)))
            for flag in row["risk_flags"]
        ],
        urgency=row["urgency"],
        urgency_icon=risks.URGENCIES[row["urgency"]],
        slip_risk=row["slip_risk"],
        primary_action=row["primary_action"],
        action_target=row["action_target"],
        action_reason=row["action_reason"],
        days_in_stage=int(row["days_in_stage"]),
        days_since_activity=int(row["days_since_activity"]),
        days_until_close=_whole(row["days_until_close"]),
        deviation_days=_whole(row["deviation_days"]),
        row=row,
    )


def _muted(one: Any) -> Muted | None:
    if one is None:
        return None
    return Muted(
        str(one.by or "Somebody who is gone"), one.since, one.reason, one.until, str(one.pk)
    )


def _whole(value: float) -> int | None:
    return None if pd.isna(value) else int(value)
