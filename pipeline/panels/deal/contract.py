"""All that is known of a deal, by the names of the published contract where it has them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pipeline.analytics import risks
from pipeline.analytics.rates import FEW
from pipeline.panels.deal import day
from pipeline.panels.health.deal import Judged, of_deal
from pipeline.queries import categories
from pipeline.queries.deal import figures, found, notes, similar, steps, timeline
from pipeline.queries.widgets import stamps
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.intervals import wilson
from revops_site.kernel.permissions import allowed

DATASETS = ("pipeline_deals",)
JUDGED = (
    *("health_score", "health_category", "urgency", "urgency_icon", "slip_risk"),
    *("primary_action", "action_target", "action_reason", "days_since_activity"),
    *("days_until_close", "deviation_days"),
)


def detail(deal_id: str, by: Any) -> dict[str, Any] | None:
    """A deal as its page tells it; None where there is none, or it is not this reader's to see.

    The first fields are those of StuckDealView: ``amount`` is in the reporting currency,
    ``own_amount`` in the deal's. What is judged of open deals alone is null of any other.
    """
    may_see = allowed(by)
    known = found.whole(deal_id, may_see)
    if known is None:
        return None
    deal, told = known
    slice_ = day.newest(may_see)
    judged = of_deal(deal_id) if deal.status == "open" else None
    return {
        **_deal(deal, slice_, judged),
        **_judged(judged),
        "category": _category(told),
        "next_step": steps.read(told).by_hand,
        "planned": steps.read(told).planned,
        "contacts": found.contacts(told),
        "notes": [_note(one) for one in notes.listed(told, by)],
        "similar": _similar(deal, slice_),
        "timeline": timeline.part(deal_id, "", 1, "UTC").counts,
        **stamps(DATASETS),
    }


def _deal(deal: Any, slice_: Slice, judged: Judged | None) -> dict[str, Any]:
    itself = figures.itself(deal.pk, slice_).values("value", "age_days", "days_in_stage").get()
    amount = _number(itself["value"])
    return {
        "opportunity_id": deal.pk,
        "account_name": deal.account.name if deal.account else deal.account_name,
        "opportunity_name": deal.opportunity_name,
        "owner_name": deal.owner.name if deal.owner else "",
        "amount": amount,
        "amount_display": formats.show(amount, "amount_auto", slice_.currency),
        "reporting_currency": slice_.currency,
        "stage_name": deal.stage_name,
        "days_in_stage": itself["days_in_stage"] if deal.status == "open" else None,
        "close_date": deal.close_date,
        "own_amount": _number(deal.amount),
        "currency": deal.currency,
        "status": deal.status,
        "created_date": deal.created_at,
        "age_days": itself["age_days"],
        "closed_date": deal.closed_at,
        "probability": _number(deal.probability),
        "forecast_category": deal.forecast_category,
        "lost_reason": deal.lost_reason,
        "account_id": deal.account_id,
        "owner_id": deal.owner_id,
        "pipeline_id": deal.pipeline_id,
        "pipeline_name": str(deal.pipeline or ""),
        "segment": deal.segment,
        "region": deal.region,
        "source_channel": deal.source_channel,
        "as_of": judged.as_of if judged else slice_.as_of,
    }


def _judged(judged: Judged | None) -> dict[str, Any]:
    if judged is None:
        return {
            **dict.fromkeys(JUDGED),
            "risk_flags": [],
            "risk_flags_display": "",
            "flags": [],
            "components": [],
        }
    raised = tuple(one.name for one in judged.flags)
    return {
        **{name: getattr(judged, name) for name in JUDGED},
        "risk_flags": raised,
        "risk_flags_display": risks.display(raised),
        "flags": judged.flags,
        "components": judged.components,
    }


def _category(told: found.Told) -> Mapping[str, Any]:
    set_, happened = categories.read(told)
    return {"set_by_hand": set_, "history": happened}


def _note(one: notes.Written) -> Mapping[str, Any]:
    return {
        "note_id": one.note_id,
        "body": one.body,
        "author": one.who,
        "written_at": one.at,
        "is_pinned": one.is_pinned,
        "review_on": one.review_on,
    }


def _similar(deal: Any, slice_: Slice) -> Mapping[str, Any] | None:
    """What became of similar deals; a win rate where there are 5 and more."""
    known = similar.similar(deal, slice_)
    if known is None:
        return None
    n = known.won + known.lost
    ends = wilson(known.won, n) if n >= FEW else None
    return {
        "n": n,
        "won": known.won,
        "lost": known.lost,
        "rule": known.rule,
        "win_rate": known.won / n if ends else None,
        "win_rate_low": ends[0] if ends else None,
        "win_rate_high": ends[1] if ends else None,
        "deals": [{**vars(one), "value": _number(one.value)} for one in known.nearest],
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
