"""Which rows each metric of the pipeline is a sum of, and where its operands come from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from pipeline import metrics, queries
from pipeline.panels.known import (
    CLOSED,
    OPEN,
    before_history,
    left_out_of_open,
    left_out_of_won,
    without_stage,
)
from pipeline.panels.shown import (
    CLOSED_COLUMNS,
    CREATED,
    CYCLE,
    FIRST_WORTH,
    MOVING_PARTS,
    OPEN_COLUMNS,
    OPEN_PARTS,
    STAGE,
    WHO,
    WON,
    WON_PARTS,
    WORTH,
)
from pipeline.queries import beside, deals
from revops_site.kernel.explain import Interval, Ledger
from revops_site.kernel.filters import Slice
from revops_site.kernel.intervals import wilson
from revops_site.kernel.metrics import Measured, Operands
from revops_site.kernel.panels import Shown

DATASETS = ("pipeline_deals",)
LIMITS = ("min_days", "min_amount")


def _rows(of: Callable[[Slice], QuerySet[Any]]) -> Callable[[Slice], QuerySet[Any]]:
    return lambda slice_: deals.named(of(slice_))


def _velocity(slice_: Slice) -> Operands:
    """Operands of what is open in all stages and of what was decided, by name."""
    whole = without_stage(slice_)
    return {**queries.open_totals(whole), **queries.totals(whole)}


def _win_rate_range(found: Measured) -> Interval | None:
    """How sure the win rate is; the share of the money has no such range."""
    if found.metric != metrics.WIN_RATE:
        return None
    won, lost = found.operands["won"], found.operands["lost"]
    ends = wilson(won, won + lost)
    return Interval(*ends, int(won + lost)) if ends else None


def _velocity_sql(slice_: Slice) -> str:
    whole = without_stage(slice_)
    return beside(open_deals=queries.open_totals_sql(whole), decided=queries.totals_sql(whole))


LEDGERS = (
    Ledger(
        slug="open-deals",
        title="Open deals",
        metrics=metrics.OPEN_METRICS,
        totals=queries.open_totals,
        sql=queries.open_totals_sql,
        rows=_rows(deals.open_),
        columns=OPEN_COLUMNS,
        order=("close_date", "deal_id"),
        datasets=DATASETS,
        dimensions=OPEN,
        note=left_out_of_open,
        operands=OPEN_PARTS,
        dated=False,
        counts="open_deals",
    ),
    Ledger(
        slug="past-due-deals",
        title="Open deals past their expected close",
        metrics=metrics.PAST_DUE_METRICS,
        totals=queries.watched,
        sql=queries.watched_sql,
        rows=_rows(deals.past_due),
        columns=OPEN_COLUMNS,
        order=("close_date", "deal_id"),
        datasets=DATASETS,
        dimensions=OPEN,
        note=before_history,
        dated=False,
        counts="past_due",
    ),
    Ledger(
        slug="stuck-deals",
        title="Stuck deals",
        metrics=metrics.STUCK_METRICS,
        totals=queries.watched,
        sql=queries.watched_sql,
        rows=_rows(deals.stuck),
        columns=OPEN_COLUMNS,
        order=("last_stage_change", "deal_id"),
        datasets=DATASETS,
        dimensions=(*OPEN, *LIMITS),
        note=before_history,
        dated=False,
        counts="stuck",
    ),
    Ledger(
        slug="created-deals",
        title="Created deals",
        metrics=metrics.CREATED_METRICS,
        totals=queries.totals,
        sql=queries.totals_sql,
        rows=_rows(deals.created),
        columns=(*WHO, STAGE, Shown("status", "Status"), *FIRST_WORTH, CREATED),
        order=("created_at", "deal_id"),
        datasets=DATASETS,
        dimensions=CLOSED,
        counts="created",
    ),
    Ledger(
        slug="won-deals",
        title="Won deals",
        metrics=metrics.WON_METRICS,
        totals=queries.totals,
        sql=queries.totals_sql,
        rows=_rows(deals.won),
        columns=CLOSED_COLUMNS,
        order=("closed_at", "deal_id"),
        datasets=DATASETS,
        dimensions=CLOSED,
        note=left_out_of_won,
        operands=WON_PARTS,
        counts="won",
    ),
    Ledger(
        slug="decided-deals",
        title="Won and lost deals",
        metrics=metrics.DECIDED_METRICS,
        totals=queries.totals,
        sql=queries.totals_sql,
        rows=_rows(deals.decided),
        columns=CLOSED_COLUMNS,
        order=("closed_at", "deal_id"),
        datasets=DATASETS,
        dimensions=CLOSED,
        operands=WON,
        interval=_win_rate_range,
    ),
    Ledger(
        slug="won-cycles",
        title="Won deals by the length of their cycle",
        metrics=metrics.MEDIAN_METRICS,
        totals=queries.median_cycle,
        sql=queries.median_cycle_sql,
        rows=_rows(deals.won),
        columns=CLOSED_COLUMNS,
        order=("cycle_days", "deal_id"),
        datasets=DATASETS,
        dimensions=CLOSED,
    ),
    Ledger(
        slug="moving-deals",
        title="Open deals, and those won and lost",
        metrics=metrics.VELOCITY_METRICS,
        totals=_velocity,
        sql=_velocity_sql,
        rows=_rows(lambda slice_: deals.moving(without_stage(slice_))),
        columns=(
            *WHO,
            Shown("counts_as", "Counts as"),
            *WORTH,
            CREATED,
            Shown("closed_at", "Closed", "date"),
            CYCLE,
        ),
        order=("counts_as", "deal_id"),
        datasets=DATASETS,
        dimensions=CLOSED,
        note=before_history,
        operands=MOVING_PARTS,
    ),
)
