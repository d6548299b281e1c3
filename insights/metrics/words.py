"""What people call the numbers when they ask for them, beside what the pages call them.

A word that several numbers share leads to the first of them that can be told as it was asked.
"""

from __future__ import annotations

from collections.abc import Mapping

CALLED: Mapping[str, tuple[str, ...]] = {
    "marketing-spend": (
        "spend",
        "ad spend",
        "marketing spend",
        "spent",
        "ad cost",
        "cost",
        "money spent",
    ),
    "marketing-impressions": ("impressions", "views"),
    "marketing-clicks": ("clicks",),
    "marketing-leads": ("leads", "new leads", "lead volume"),
    "marketing-mqls": ("mqls", "marketing qualified leads"),
    "marketing-sqls": ("sqls", "sales qualified leads"),
    "marketing-opportunities": ("opportunities", "opps"),
    "marketing-closed-won": ("customers won", "customers from marketing"),
    "marketing-cac": ("cac", "customer acquisition cost", "acquisition cost", "cost per customer"),
    "marketing-cpl": ("cpl", "cost per lead", "lead cost", "price per lead"),
    "marketing-cost-per-mql": ("cost per mql", "cpmql"),
    "marketing-cost-per-sql": ("cost per sql", "cpsql"),
    "marketing-cost-per-opportunity": ("cost per opportunity", "cost per opp"),
    "marketing-ctr": ("ctr", "click through rate", "clickthrough rate", "click rate"),
    "marketing-cpc": ("cpc", "cost per click"),
    "marketing-cpm": ("cpm",),
    "marketing-conversion": (
        "conversion rate",
        "lead conversion",
        "conversion",
        "lead to customer rate",
    ),
    "marketing-roi": ("roi", "return on investment", "marketing roi"),
    "marketing-roas": ("roas", "return on ad spend"),
    "marketing-budget": ("budget", "marketing budget"),
    "leads-came": ("leads",),
    "leads-answered": ("lead response", "leads answered"),
    "attribution-markov": ("markov credit", "attributed revenue"),
    "pipeline-total": ("open pipeline", "pipeline value", "total pipeline", "pipeline amount"),
    "pipeline-weighted": ("weighted pipeline", "weighted value"),
    "pipeline-open-deals": ("open deals", "open opportunities", "number of deals", "deals open"),
    "pipeline-missing-amount": ("deals without amount", "deals with no amount", "missing amount"),
    "pipeline-past-due": ("past due deals", "past due"),
    "pipeline-stuck": ("stuck deals", "stalled deals", "rotting deals", "deals stuck"),
    "pipeline-stuck-amount": ("stuck amount", "stuck value"),
    "pipeline-created": ("created deals", "new deals", "deals created", "deals opened"),
    "pipeline-created-amount": (
        *("pipeline created", "new pipeline", "created pipeline", "created amount"),
        *("pipeline generated", "pipeline generation", "pipegen"),
    ),
    "pipeline-won": ("won deals", "deals won", "closed deals", "closed won deals", "wins"),
    "pipeline-won-amount": (
        *("won amount", "bookings", "closed won", "sales", "won value", "won revenue"),
        *("closed won amount", "booked revenue", "amount won"),
    ),
    "pipeline-deal-size": (
        *("deal size", "average deal size", "avg deal size", "acv", "average contract value"),
        *("average deal", "ticket size"),
    ),
    "pipeline-cycle": ("sales cycle", "cycle", "cycle time", "time to close", "cycle length"),
    "pipeline-median-cycle": ("median cycle", "median sales cycle"),
    "pipeline-win-rate": ("win rate", "close rate", "winrate", "win ratio", "closing rate"),
    "pipeline-win-rate-amount": ("win rate by amount", "win rate by value"),
    "pipeline-lost": ("lost deals", "deals lost", "losses"),
    "pipeline-lost-amount": ("lost amount", "lost value"),
    "pipeline-velocity": ("velocity", "sales velocity", "pipeline velocity"),
    "pipeline-quota": ("quota", "quotas"),
    "pipeline-quota-gap": ("gap to quota", "quota gap", "far from quota", "behind quota"),
    "pipeline-attainment": (
        *("attainment", "quota attainment", "hit target", "hit quota", "make target", "make quota"),
        *("reach target", "reach quota", "hit number"),
    ),
    "pipeline-activities": ("activities", "sales activities", "calls and emails"),
    "pipeline-forecast": (
        *("forecast", "sales forecast", "revenue forecast", "will close", "going to close"),
        *("predicted", "prediction", "quarter forecast", "will land", "expected to close"),
    ),
    "pipeline-commit": ("commit", "commit forecast"),
    "pipeline-quarter-best-case": ("best case",),
    "pipeline-gap-to-target": ("gap to target", "target gap", "far from target", "gap"),
    "pipeline-coverage": ("coverage", "pipeline coverage", "coverage ratio"),
    "pipeline-quarter-target": ("target", "target of the quarter", "quarter target"),
    "pipeline-target-probability": (
        *("chance of target", "chance of hitting target", "chance to hit target"),
        *("probability of target", "likelihood of hitting target", "odds of hitting target"),
    ),
    "pipeline-health": ("pipeline health", "deal health", "health score", "health"),
    "pipeline-at-risk-deals": ("deals at risk", "at risk deals", "risky deals"),
    "pipeline-at-risk-amount": ("amount at risk", "pipeline at risk"),
    "pipeline-slipping-deals": (
        "slipping deals",
        "deals slipping",
        "likely to slip",
        "slipped deals",
    ),
    "pipeline-urgent-deals": ("urgent deals",),
    "pipeline-stage-duration": (
        *("average stay", "average stay in stage", "time in stage", "days in stage"),
        *("stage duration",),
    ),
    "pipeline-stage-conversion": ("stage conversion", "stage conversion rate"),
    "pipeline-overdue-list": ("overdue deals", "deals overdue", "late deals"),
    "pipeline-overdue-list-amount": ("overdue amount", "overdue value"),
    "pipeline-inactive-list": (
        "inactive deals",
        "silent deals",
        "deals without activity",
        "cold deals",
    ),
    "pipeline-orders": ("orders", "orders waiting", "open orders", "orders that wait"),
    "pipeline-compliance": ("compliance",),
    "pipeline-expected-invoices": ("expected invoices", "invoices"),
    "pipeline-expected-payments": ("expected payments", "expected cash", "cash flow", "payments"),
    "pipeline-hygiene": ("hygiene", "data hygiene", "crm hygiene", "deal hygiene"),
    "revenue-mrr": ("mrr", "monthly recurring revenue", "recurring revenue"),
    "revenue-arr": ("arr", "annual recurring revenue"),
    "revenue-customers": ("paying customers", "number of customers", "active customers"),
    "revenue-arpa": ("arpa", "arpu", "average revenue per account", "revenue per customer"),
    "revenue-nrr": ("nrr", "net revenue retention", "net retention", "ndr", "net dollar retention"),
    "revenue-grr": ("grr", "gross revenue retention", "gross retention", "gdr"),
    "revenue-logo-retention": ("logo retention", "customer retention", "customers kept"),
    "revenue-new": ("new mrr",),
    "revenue-new-customers": ("new customers", "new logos"),
    "revenue-expansion": ("expansion", "expansion mrr", "upsell", "upsells"),
    "revenue-contraction": ("contraction", "contraction mrr", "downgrades", "downsell"),
    "revenue-churn": ("churned mrr", "mrr churn", "churned revenue"),
    "revenue-lost-mrr": ("mrr lost", "lost mrr", "churned mrr"),
    "revenue-churn-rate": ("churn", "churn rate", "monthly churn"),
    "revenue-churned-customers": ("churned customers", "customer churn"),
    "revenue-lost-customers": (
        *("lost customers", "customers lost", "customers lose", "customers left", "lose customers"),
        *("customers leaving", "churned customers", "logo churn"),
    ),
    "revenue-net-new": ("net new mrr", "net new"),
    "revenue-growth": ("mrr growth", "growth", "growth rate", "revenue growth"),
    "revenue-quick-ratio": ("quick ratio",),
    "revenue-customers-at-risk": ("customers at risk", "at risk customers", "accounts at risk"),
    "revenue-mrr-at-risk": ("mrr at risk", "revenue at risk"),
    "revenue-renewing-customers": ("renewals", "renewing customers", "upcoming renewals"),
    "revenue-renewal-rate": ("renewal rate",),
    "revenue-forecast": ("mrr forecast", "mrr in 12 months", "arr forecast"),
    "coaching-pace": ("pace",),
    "coaching-activities-a-day": ("activities a day", "activities per day"),
}
"""By the number's slug."""

LOOSELY: Mapping[str, tuple[str, ...]] = {
    "pipeline-won": ("won", "win", "closed", "close"),
    "pipeline-lost": ("lost", "lose"),
    "pipeline-created": ("created",),
    "pipeline-stuck": ("stuck", "stalled"),
    "pipeline-overdue-list": ("overdue",),
    "pipeline-inactive-list": ("inactive", "silent"),
    "pipeline-total": ("pipeline",),
    "revenue-mrr": ("revenue",),
    "revenue-customers": ("customers", "accounts"),
    "revenue-new-customers": ("logos",),
    "revenue-lost-customers": ("churned", "leave", "left"),
    "revenue-renewing-customers": ("renew", "renewing"),
}
"""What is taken for a number where no other word of the question names one."""

AT_LAST: Mapping[str, tuple[str, ...]] = {"pipeline-open-deals": ("deals",)}
"""The same where not even those do."""

REASONED: Mapping[str, tuple[str, str]] = {
    "why customers leave": ("revenue-lost-customers", "reason"),
    "why customers churn": ("revenue-lost-customers", "reason"),
    "why customers left": ("revenue-lost-customers", "reason"),
    "churn reasons": ("revenue-lost-customers", "reason"),
}
"""What asks for a number by something in words of its own."""

PLACES: Mapping[str, tuple[str, ...]] = {
    "/revenue/unit-economics/": (
        *("unit economics", "ltv", "ltv to cac", "ltv cac", "ltv/cac", "lifetime value"),
        *("cac payback", "payback", "payback period", "magic number"),
    ),
    "/changes/": ("what changed", "changes", "what new", "what happened"),
    "/revenue/cohorts/": ("retention cohorts", "customer cohorts", "cohorts"),
    "/marketing/cohorts/": ("lead cohorts",),
    "/marketing/attribution/": (
        *("attribution", "touches get credit", "channels get credit", "credit"),
        *("attribution models", "multi touch attribution"),
    ),
    "/marketing/attribution/journeys/": ("journeys", "customer journeys", "buying journeys"),
    "/marketing/saturation/": ("saturation", "diminishing returns"),
    "/marketing/closed-loop/": ("closed loop",),
    "/insights/lead-to-cash/": ("lead to cash", "funnel conversion"),
    "/pipeline/velocity/": ("stage velocity", "bottleneck", "bottlenecks", "process paths"),
    "/pipeline/bridge/": ("pipeline bridge", "pipeline changes", "pipeline movement"),
    "/pipeline/calls/": ("forecast calls", "forecast accuracy"),
    "/pipeline/lists/recent/": ("recent deals",),
    "/revenue/waterfall/": ("waterfall", "mrr waterfall", "mrr movements"),
    "/revenue/lifetimes/": ("lifetimes", "survival", "customer lifetime"),
    "/coaching/": ("coaching", "leaderboard"),
    "/coaching/actions/": ("next best actions", "next actions", "what should do next"),
    "/insights/": ("insights", "findings"),
    "/reports/": ("reports",),
    "/data/": ("data quality", "data freshness", "last load"),
    "/glossary/": ("glossary", "definitions"),
}
"""Pages that answer what no single number does."""

OF_A_DIMENSION: Mapping[str, tuple[str, ...]] = {
    "channel": ("marketing-spend", "marketing-leads", "marketing-cpl", "marketing-roi"),
    "campaign": ("marketing-spend", "marketing-leads", "marketing-cpl", "marketing-roi"),
    "plan": ("revenue-mrr", "revenue-customers", "revenue-arpa"),
    "stage": ("pipeline-total", "pipeline-open-deals"),
    "reason": ("revenue-lost-customers", "revenue-lost-mrr"),
}
USUALLY = ("pipeline-won-amount", "pipeline-won", "pipeline-deal-size", "pipeline-cycle")
"""What is compared where a question names no number."""

FIRST: Mapping[str, str] = {"channel": "marketing-leads", "campaign": "marketing-leads"}
"""What groups are ordered by where a question names no number and is about the first of them."""
