"""Marketing's definitions: what was spent, what it brought, what that cost."""

from __future__ import annotations

from revops_site.kernel.metrics import Metric

SPEND = Metric(
    slug="marketing-spend",
    field="total_spend",
    label="Spend",
    meaning="Money spent on marketing, in the reporting currency at each day's rate.",
    formula="spend",
    better="neither",
    show="amount_auto",
    exact="money2",
    edge="A refund is negative spend. Money without a known rate is left out and counted.",
    ids=("M01",),
)


def _volume(slug: str, field: str, label: str, operand: str, meaning: str, id_: str) -> Metric:
    return Metric(
        slug=f"marketing-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=operand,
        better="up",
        show="integer",
        exact="integer",
        edge="Counted on the day it happened: the stages of one period are different people.",
        ids=(id_,),
    )


IMPRESSIONS = _volume(
    "impressions", "total_impressions", "Impressions", "impressions", "Ads shown.", "M02"
)
CLICKS = _volume("clicks", "total_clicks", "Clicks", "clicks", "Ads clicked.", "M02")
LEADS = _volume("leads", "total_leads", "Leads", "leads", "Leads created.", "M03")
MQLS = _volume("mqls", "total_mqls", "MQLs", "mqls", "Marketing-qualified leads.", "M04")
SQLS = _volume("sqls", "total_sqls", "SQLs", "sqls", "Sales-qualified leads.", "M05")
OPPORTUNITIES = _volume(
    "opportunities",
    "total_opportunities",
    "Opportunities",
    "opportunities",
    "Opportunities opened.",
    "M05",
)
CLOSED_WON = _volume(
    "closed-won", "total_closed_won", "Customers won", "closed_won", "New customers won.", "M05"
)


def _cost(slug: str, field: str, label: str, event: str, of: str, id_: str = "M07") -> Metric:
    return Metric(
        slug=f"marketing-{slug}",
        field=field,
        label=label,
        meaning=f"Marketing money spent for each {of}.",
        formula=f"spend / {event}",
        better="down",
        show="money" if id_ == "M06" else "money2",
        exact="money2",
        edge=f"Unknown where there is no {of}. A ratio of sums, never a mean of ratios.",
        ids=(id_,),
    )


CAC = _cost("cac", "avg_cac", "CAC", "closed_won", "new customer", "M06")
CPL = _cost("cpl", "CPL", "Cost per lead", "leads", "lead")
COST_PER_MQL = _cost("cost-per-mql", "cost_per_mql", "Cost per MQL", "mqls", "MQL")
COST_PER_SQL = _cost("cost-per-sql", "cost_per_sql", "Cost per SQL", "sqls", "SQL")
COST_PER_OPPORTUNITY = _cost(
    "cost-per-opportunity",
    "cost_per_opportunity",
    "Cost per opportunity",
    "opportunities",
    "opportunity",
)
CPC = _cost("cpc", "CPC", "Cost per click", "clicks", "click", "M09")
CPM = Metric(
    slug="marketing-cpm",
    field="CPM",
    label="Cost per 1,000 impressions",
    meaning="Marketing money spent for each thousand ads shown.",
    formula="1000 * spend / impressions",
    better="down",
    show="money2",
    exact="money2",
    edge="Unknown where nothing was shown.",
    source="dbt_ad_reporting",
    ids=("M09",),
)


def _rate(
    slug: str, field: str, label: str, formula: str, meaning: str, id_: str, show: str = "percent1"
) -> Metric:
    return Metric(
        slug=f"marketing-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=formula,
        better="up",
        show=show,
        exact="percent2",
        edge="May pass 100% in short periods, since the stages are different people.",
        ids=(id_,),
        change="points",
    )


CTR = _rate(
    "ctr",
    "CTR",
    "Click-through rate",
    "clicks / impressions",
    "Clicks per ad shown.",
    "M08",
    show="percent2",
)
LEAD_RATE = _rate(
    "click-to-lead", "CVR_stagewise", "Click to lead", "leads / clicks", "Leads per click.", "M10"
)
CONVERSION = _rate(
    "conversion",
    "conversion_rate",
    "Lead to customer",
    "closed_won / leads",
    "Customers won per lead.",
    "M11",
)
ROI = Metric(
    slug="marketing-roi",
    field="avg_roi",
    label="ROI",
    meaning=(
        "Return on spend in percent: first-year contract value of the deals credited to the "
        "spend, less the spend, over the spend."
    ),
    formula="(known_revenue - known_spend) / known_spend * 100",
    better="up",
    show="percentage",
    exact="percentage",
    edge=(
        "Only rows whose revenue is known; spend-weighted, since a mean of ratios is wrong. "
        "Unknown without spend; −100% where nothing came back."
    ),
    ids=("M13",),
    change="points",
)
ROAS = Metric(
    slug="marketing-roas",
    field="roas",
    label="ROAS",
    meaning="Revenue for each unit of money spent, over the same rows as ROI.",
    formula="known_revenue / known_spend",
    better="up",
    show="ratio",
    exact="ratio",
    edge="Equals 1 + ROI / 100.",
    ids=("M14",),
)
BUDGET = Metric(
    slug="marketing-budget",
    field="budget_to_date",
    label="Budget to date",
    meaning=(
        "Money that may be spent: of each month's budget the share of its days that lie in the "
        "period up to the day, in the reporting currency."
    ),
    formula="budget",
    better="neither",
    show="amount_auto",
    exact="money2",
    edge=(
        "A month without a budget adds nothing; unknown where none has one. No segment or region "
        "has a budget of its own."
    ),
)

METRICS = (
    SPEND,
    IMPRESSIONS,
    CLICKS,
    LEADS,
    MQLS,
    SQLS,
    OPPORTUNITIES,
    CLOSED_WON,
    CAC,
    CPL,
    COST_PER_MQL,
    COST_PER_SQL,
    COST_PER_OPPORTUNITY,
    CTR,
    CPC,
    CPM,
    LEAD_RATE,
    CONVERSION,
    ROI,
    ROAS,
)
