"""Which stays of deals the times of stages are sums of."""

from __future__ import annotations

import pandas as pd

from pipeline import metrics
from pipeline.panels.known import DEAL_LINK, OPEN
from pipeline.panels.windows import entered, window
from pipeline.queries import cohorts, stays, visited
from revops_site.kernel import survival
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Shown

DATASETS = ("stage_history", "pipeline_deals")
WHO = (
    Shown("deal_id", "Deal", link=DEAL_LINK),
    Shown("opportunity_name", "Name"),
    Shown("account_name", "Account", link="/accounts/{account_id}/"),
    Shown("owner_name", "Owner", link="/reps/{owner_id}/"),
    Shown("segment", "Segment"),
    Shown("region", "Region"),
    Shown("pipeline", "Pipeline"),
    Shown("stage_name", "Stage"),
    Shown("entered_on", "First entered", "date"),
    Shown("left_on", "Last left", "date"),
    Shown("visits", "Visits", "integer"),
    Shown("days", "Days", "integer", help="Of all visits together."),
)


def _ended(slice_: Slice) -> pd.DataFrame:
    found = stays.stays(slice_, window(slice_))
    sums = {"exits": int(found["exits"].sum()), "stay_days": float(found["days"].sum())}
    return pd.DataFrame([sums])


def _entered(slice_: Slice) -> pd.DataFrame:
    found = cohorts.cohorts(slice_, entered(slice_))
    sums = {name: int(found[name].sum()) for name in ("left", "inside", "moved_on", "dropped")}
    by_days = found.groupby("days", as_index=False)[["left", "inside"]].sum()
    median = survival.median(*(by_days[name].tolist() for name in ("days", "left", "inside")))
    return pd.DataFrame([{**sums, "stays": sums["left"] + sums["inside"], "median_days": median}])


LEDGERS = (
    Ledger(
        slug="ended-stays",
        title="Stays that ended",
        metrics=metrics.STAY_METRICS,
        totals=_ended,
        sql=lambda slice_: stays.operands_sql(slice_, window(slice_)),
        rows=lambda slice_: visited.ended(slice_, window(slice_)),
        columns=WHO,
        order=("left_on", "deal_id", "stage_name", "pipeline"),
        datasets=DATASETS,
        dimensions=OPEN,
        operands=(
            Shown("exits", "Stays that ended", "integer"),
            Shown("stay_days", "Their days together", "integer"),
        ),
        counts="exits",
        noun="stays",
    ),
    Ledger(
        slug="begun-stays",
        title="Stays that began within a year",
        metrics=metrics.COHORT_METRICS,
        totals=_entered,
        sql=lambda slice_: cohorts.operands_sql(slice_, entered(slice_)),
        rows=lambda slice_: visited.entered(slice_, entered(slice_)),
        columns=(
            *WHO,
            Shown("is_inside", "Still inside", "yes"),
            Shown("moved_on", "Moved on", "yes"),
            Shown("dropped", "Dropped out", "yes", help="Lost without a later stage."),
        ),
        order=("entered_on", "deal_id", "stage_name", "pipeline"),
        datasets=DATASETS,
        dimensions=OPEN,
        operands=(
            Shown("median_days", "Median of these stays", "decimal"),
            Shown("moved_on", "Moved on", "integer"),
            Shown("dropped", "Dropped out", "integer"),
        ),
        counts="stays",
        noun="stays",
    ),
)
