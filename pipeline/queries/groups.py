"""Operands by group: what a change of the pipeline's numbers is taken apart by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from django.db.models import QuerySet

from pipeline.queries import cashflow, cohorts, done, health, hygiene, orders, quotas, stays
from pipeline.queries.flows import DECIDED, flows
from pipeline.queries.flows import OPERANDS as OF_FLOWS
from pipeline.queries.stock import GROUPS
from pipeline.queries.stock import by_dimension as open_by_dimension
from revops_site.kernel.filters import Slice
from revops_site.kernel.frames import pooled
from revops_site.kernel.parted import GROUP, folded, of_rows, with_teams
from revops_site.kernel.periods import Period

OWNER = {"owner": "owner_id"}
REP = {"owner": "rep_id"}
FLOWED = {name: GROUPS[name] for name in ("segment", "channel", "region", "pipeline")}
BANDS = {
    "healthy": "Healthy",
    "monitor": "Monitor",
    "at_risk": "At Risk",
    "critical": "Critical",
}
SCORED = {
    **{
        f"{name}_count": f"count(*) FILTER (WHERE health_category = '{band}')"
        for name, band in BANDS.items()
    },
    **{
        f"{name}_amount": f"COALESCE(sum(value) FILTER (WHERE health_category = '{band}'), 0)"
        for name, band in BANDS.items()
    },
    "scored_deals": "count(*)",
    "scored_amount": "COALESCE(sum(value), 0)",
    "weak_amount": (
        "COALESCE(sum(value) FILTER (WHERE health_category IN ('At Risk', 'Critical')), 0)"
    ),
    "health_weight": "COALESCE(sum(value), 0)",
    "health_sum": "COALESCE(sum(value * health_score), 0)",
    **{name: f"COALESCE(sum({name}), 0)" for name in health.POINTS},
    "flagged_count": "count(*) FILTER (WHERE NOT risk_flags <@ muted)",
    "urgent_count": "count(*) FILTER (WHERE urgency IN ('CRITICAL', 'HIGH'))",
    "slipping_count": "count(*) FILTER (WHERE slip_risk = 'HIGH')",
    "stuck_view_count": (
        "count(*) FILTER (WHERE urgency IN ('CRITICAL', 'HIGH') "
        "OR ('STUCK' = ANY(risk_flags) AND NOT 'STUCK' = ANY(muted)))"
    ),
}
JUDGED = (
    *GROUPS.values(),
    *("health_category", "value", "health_score", *health.POINTS),
    *("risk_flags", "muted", "urgency", "slip_risk"),
)
QUOTAS = {
    "quota": "COALESCE(sum(value), 0)",
    "quota_to_date": "COALESCE(sum(to_date), 0)",
}
RESOLVED = {"moved_on": "int64", "dropped": "int64"}
STAYED = {"exits": "int64", "stay_days": "float64"}


def flowed(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """What was created, won and lost, by dimension; by owner what was won and lost alone."""
    rows = flows(slice_, *FLOWED.values())
    found = folded(rows, FLOWED, OF_FLOWS)
    owners = {name: OF_FLOWS[name] for name in DECIDED}
    return {**found, **folded(flows(slice_, "owner_id"), OWNER, owners)}


def moving(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """What is open and what was decided, by dimension: what velocity is made of."""
    opened, decided = open_by_dimension(slice_), flowed(slice_)
    return {name: _beside(opened[name], decided[name]) for name in decided}


def attained(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """Quotas and what was won of them, by owner and team."""
    rows: QuerySet[Any, Any] = quotas.quotas(slice_)
    plan = of_rows(rows.values("rep_id", "value", "to_date"), REP, QUOTAS)
    won = flows(quotas.of_reps(slice_), "owner_id")
    by_owner = won.rename(columns={"owner_id": GROUP})[[GROUP, "won_amount", "won"]]
    return with_teams(
        {"owner": _beside(plan["owner"], by_owner)},
        dict.fromkeys((*QUOTAS, "won_amount", "won"), "float64"),
    )


def completed(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """What reps completed, by owner and team."""
    return folded(done.completed_by(slice_, "rep_id"), REP, done.OPERANDS)


def scored(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """The scored open deals, by dimension: ``SCORED``."""
    return of_rows(health.scored(slice_).order_by().values(*JUDGED), GROUPS, SCORED)


def stayed(slice_: Slice, window: Period) -> Mapping[str, pd.DataFrame]:
    """Stays that ended in a window, and how long they were, by stage, segment and pipeline."""
    rows = stays.by_segment(slice_, window).rename(columns={"days": "stay_days"})
    by = {"stage": "stage_name", "segment": "segment", "pipeline": "pipeline_id"}
    return folded(rows, by, STAYED)


def begun(slice_: Slice, entered: Period) -> Mapping[str, pd.DataFrame]:
    """Stays that began within some days by what became of them, by stage."""
    return folded(cohorts.cohorts(slice_, entered), {"stage": "stage_name"}, RESOLVED)


def of_deals(
    rows: QuerySet[Any], sums: Mapping[str, str], more: Sequence[str]
) -> Mapping[str, pd.DataFrame]:
    """Sums of open deals by each of ``stock.GROUPS``; ``more`` is what else they name."""
    return of_rows(rows.order_by().values(*GROUPS.values(), *more), GROUPS, sums)


def received(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """Orders that wait, by dimension."""
    more = ("value", "days_in_stage", "end_user_identified", "deal_id")
    sums = {name: sql.replace("waits", "deal_id") for name, sql in orders.RECEIVED.items()}
    return of_deals(orders.received(slice_), sums, more)


def complied(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """Open deals with an order by the state of their papers, by dimension."""
    return of_deals(orders.ordered(slice_), orders.COMPLIANCE, ("compliance",))


def kept_clean(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """Open deals, their checks and what those found, by dimension."""
    return of_deals(hygiene.judged(slice_), hygiene.SUMS, hygiene.FLAGS)


def _beside(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The operands of both for each group of either; 0 where one has none."""
    names = [name for frame in (one, other) for name in frame.columns if name != GROUP]
    whole = [frame.reindex(columns=[GROUP, *names], fill_value=0.0) for frame in (one, other)]
    return pooled(whole, (GROUP,), dict.fromkeys(names, "float64"))


def expected_cash(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """What is expected to be invoiced and paid, by dimension."""
    more = ("expected_value", "paid_value")
    return of_deals(cashflow.projected(slice_), cashflow.OPERANDS, more)
