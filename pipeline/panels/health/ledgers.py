"""Which deals each figure of health is of, and where its operands come from."""

from __future__ import annotations

from pipeline import metrics
from pipeline.panels.health import known
from pipeline.panels.known import OPEN
from pipeline.queries import health
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Shown

COLUMNS = (
    Shown("deal_id", "Deal", link="/pipeline/deals/{deal_id}/"),
    Shown("opportunity_name", "Name"),
    Shown("account_name", "Account", link="/accounts/{account_id}/"),
    Shown("owner_name", "Owner", link="/reps/{owner_id}/"),
    Shown("stage_name", "Stage"),
    Shown("value", "Value", "money2", help="The amount in the reporting currency."),
    Shown("health_score", "Score", "integer"),
    Shown("health_category", "Band"),
    Shown("stage_velocity_points", "Stage velocity", "integer"),
    Shown("activity_recency_points", "Activity recency", "integer"),
    Shown("stakeholders_points", "Stakeholders", "integer"),
    Shown("close_date_points", "Close date", "integer"),
    Shown("next_step_points", "Next step", "integer"),
    Shown("commercial_points", "Commercial", "integer"),
    Shown("heeded_display", "Flags"),
    Shown("muted_display", "Muted flags"),
    Shown("urgency", "Urgency"),
    Shown("slip_risk", "Slip risk"),
)
OPERANDS = (
    Shown("scored_deals", "Scored deals", "integer"),
    Shown("scored_amount", "Their amount", "money2"),
    Shown("weak_amount", "Amount at risk or critical", "money2"),
    Shown("health_sum", "Score times amount, together", "decimal"),
    Shown("health_weight", "Amount that the scores are weighed by", "decimal"),
    Shown("weak_share", "Share at risk", "percent2"),
    Shown("weak_share_week_ago", "Share at risk a week before", "percent2"),
    *(
        Shown(name, f"Points for {name.removesuffix('_points').replace('_', ' ')}", "integer")
        for name in health.POINTS
    ),
)


def sql(slice_: Slice) -> str:
    """The query that sums the scored deals by band."""
    return health.by_band_sql(slice_)


LEDGERS = (
    Ledger(
        slug="scored-deals",
        title="Scored open deals",
        metrics=metrics.HEALTH_METRICS,
        totals=known.totals,
        sql=sql,
        rows=known.scored,
        columns=COLUMNS,
        order=("health_score", "deal_id"),
        datasets=known.DATASETS,
        dimensions=OPEN,
        note=known.notes,
        operands=OPERANDS,
        dated=False,
        counts="scored_deals",
    ),
)
