"""What the pages of leads share: the filters, the rows behind each number, the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from insights.metrics import leads as metrics
from insights.panels.drill.places import together
from insights.queries import leads
from marketing import panels as marketing
from marketing.queries import leads as known_leads
from pipeline import panels as pipeline
from pipeline.panels.known import DEAL_LINK
from revops_site.kernel import formats
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Shown

KNOWN = tuple(known_leads.DIMENSIONS)
DATASETS = ("leads", "pipeline_deals")
STATES: Mapping[str, str] = {
    "lead": "Still a lead",
    "mql": "MQL",
    "sql": "SQL",
    "open": "Open deal",
    "won": "Won",
    "lost": "Lost",
}
NOTHING = (
    "No lead is known of these days. Leads come in a file leads: lead_id, created_at, channel, "
    "the day of each step, and the deal that each became."
)
CHOICES = together(marketing.PAGE, pipeline.PAGE)
LEDGER = Ledger(
    slug="leads",
    title="Leads",
    metrics=metrics.METRICS,
    totals=leads.totals,
    sql=leads.totals_sql,
    rows=leads.rows,
    columns=(
        Shown("created_at", "Came", "date"),
        Shown("lead_id", "Lead"),
        Shown("state", "Now", words=STATES),
        Shown("channel", "Channel"),
        Shown("campaign", "Campaign"),
        Shown("segment", "Segment"),
        Shown("region", "Region"),
        Shown("owner_name", "Owner"),
        Shown("response_hours", "Answered after (hours)", "decimal"),
        Shown("mql_at", "MQL", "date"),
        Shown("sql_at", "SQL", "date"),
        Shown("converted_at", "Opportunity", "date"),
        Shown("deal_id", "Deal", link=DEAL_LINK),
    ),
    order=("created_at", "lead_id"),
    datasets=DATASETS,
    dimensions=KNOWN,
    counts="leads",
)
LEDGERS = (LEDGER,)


def notes(slice_: Slice) -> Sequence[str]:
    """Whose leads these are, and since when any are known."""
    said = []
    if slice_.reps is not None:
        said.append("Only leads of reps whose deals you may see.")
    first = known_leads.first_day()
    if first is not None and (slice_.period is None or slice_.period.start < first):
        said.append(f"Leads are known since {formats.show(first, 'date')}.")
    return said
