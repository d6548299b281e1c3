"""Definitions of what becomes of leads, step by step, up to the money."""

from __future__ import annotations

from revops_site.kernel.metrics import Better, Metric

COHORT = "Leads by the day that they came: one cohort, not the events of a period."


def _rate(slug: str, label: str, formula: str, meaning: str, edge: str = COHORT) -> Metric:
    return Metric(
        slug=f"leads-{slug}",
        field=f"lead_{slug.replace('-', '_')}",
        label=label,
        meaning=meaning,
        formula=formula,
        better="up",
        show="percent1",
        exact="percent2",
        edge=edge,
        change="points",
    )


CAME = Metric(
    slug="leads-came",
    field="leads_came",
    label="Leads that came",
    meaning="Leads by the day that they came, whatever became of them.",
    formula="leads",
    better="up",
    show="integer",
    exact="integer",
    edge="Of the leads that one may see.",
)
ANSWERED = _rate("answered", "Answered", "answered / leads", "Leads that somebody answered.")
QUALIFIED = _rate("to-mql", "Lead to MQL", "mqls / leads", "Leads that became MQLs so far.")
ACCEPTED = _rate("mql-to-sql", "MQL to SQL", "sqls / mqls", "MQLs that became SQLs so far.")
OPENED = _rate(
    "sql-to-opportunity",
    "SQL to opportunity",
    "opportunities / sqls",
    "SQLs that became opportunities so far.",
)
WON = _rate(
    "opportunity-to-won",
    "Opportunity to won",
    "won / opportunities",
    "Opportunities that were won so far; those still open are not won yet.",
)
PAYING = _rate(
    "won-to-paying",
    "Won to first money",
    "paying / won",
    "Won deals with a first month of MRR or an invoice.",
)
KEPT = _rate(
    "kept",
    "Kept a year",
    "kept / (kept + left)",
    "Of those who would have been customers for a year by now, those who stayed.",
    edge="Unknown until somebody's first year is over. " + COHORT,
)
TO_SQL = _rate("to-sql", "Lead to SQL", "sqls / leads", "Leads that became SQLs so far.")
TO_OPPORTUNITY = _rate(
    "to-opportunity",
    "Lead to opportunity",
    "opportunities / leads",
    "Leads that became opportunities so far.",
)
TO_WON = _rate("to-won", "Lead to won", "won / leads", "Leads whose deal was won so far.")


def _now(state: str, label: str, formula: str, better: Better = "neither") -> Metric:
    return Metric(
        slug=f"leads-now-{state}",
        field=f"leads_now_{state}",
        label=f"Leads now: {label}",
        meaning=f"Leads of the period that are there now: {label}.",
        formula=formula,
        better=better,
        show="integer",
        exact="integer",
        edge=f"Each lead is in one state; the six add up to the leads that came. {COHORT}",
    )


NOW = {
    "lead": _now("lead", "still a lead", "leads - mqls"),
    "mql": _now("mql", "MQL", "mqls - sqls"),
    "sql": _now("sql", "SQL", "sqls - opportunities"),
    "open": _now("open", "open deal", "opportunities - won - lost"),
    "won": _now("won", "won", "won", "up"),
    "lost": _now("lost", "lost", "lost", "down"),
}
METRICS = (
    *(CAME, ANSWERED, QUALIFIED, ACCEPTED, OPENED, WON, PAYING, KEPT),
    *(TO_SQL, TO_OPPORTUNITY, TO_WON),
    *NOW.values(),
)
