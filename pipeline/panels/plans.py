"""Which quotas, deals and activities the figures of what reps are to do are sums of."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline import metrics
from pipeline.queries import done, quotas
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Shown


def _notes(slice_: Slice) -> Sequence[str]:
    """Says so where filters are asked for that quotas do not know."""
    if not slice_.not_applied(quotas.DIMENSIONS):
        return ()
    return ("A quota is a rep's for a quarter: what was won is of all segments and regions too.",)


LEDGERS = (
    Ledger(
        slug="quotas",
        title="Quotas, and deals won",
        metrics=metrics.PLAN_METRICS,
        totals=quotas.attainment,
        sql=quotas.attainment_sql,
        rows=quotas.parts,
        columns=(
            Shown("part", "Row"),
            Shown("whose", "Rep"),
            Shown("what", "Quarter or deal"),
            Shown("on", "From, or closed", "date"),
            Shown("own_amount", "Amount", "decimal"),
            Shown("money", "Currency"),
            Shown("fx", "Rate", "decimal", help="Into the reporting currency."),
            Shown("worth", "Value", "money2", help="The amount in the reporting currency."),
            Shown("so_far", "Of it so far", "money2", help="Of a quota: of the days passed."),
        ),
        order=("part", "whose", "on", "what"),
        datasets=("quotas", "pipeline_deals"),
        dimensions=quotas.DIMENSIONS,
        note=_notes,
        operands=(
            Shown("quota_to_date", "Quota of the days that have passed", "money2"),
            Shown("won_amount", metrics.WON_VALUE.label, "money2"),
        ),
        counts="rows",
    ),
    Ledger(
        slug="activities",
        title="Completed activities",
        metrics=metrics.ACTIVITY_METRICS,
        totals=done.completed,
        sql=done.completed_sql,
        rows=done.activities,
        columns=(
            Shown("activity_id", "Id"),
            Shown("day", "Day", "date"),
            Shown("type", "Type"),
            Shown("subject", "Subject"),
            Shown("rep_name", "Rep"),
            Shown("deal_name", "Deal"),
        ),
        order=("day", "activity_id"),
        datasets=("activities",),
        dimensions=quotas.DIMENSIONS,
        counts="activities",
    ),
)
