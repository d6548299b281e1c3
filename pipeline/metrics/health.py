"""How healthy the open deals are, what threatens them, and what that is worth."""

from __future__ import annotations

from revops_site.kernel.metrics import Better, Metric

SCORED = (
    "Open deals of the day with a score, the omitted ones left out; as the workspace's scorecard "
    "has it. Of a past day what was planned then is not recorded: half of its points count."
)
UNPRICED = "A deal without an amount or an exchange rate is counted, but adds no amount."


def _figure(
    slug: str,
    field: str,
    label: str,
    formula: str,
    meaning: str,
    *ids: str,
    better: Better = "neither",
    show: str = "integer",
    exact: str = "integer",
    edge: str = SCORED,
) -> Metric:
    return Metric(
        slug=f"pipeline-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=formula,
        better=better,
        show=show,
        exact=exact,
        edge=edge,
        ids=ids,
        change="points" if show.startswith("percent") else "relative",
    )


def _money(slug: str, field: str, label: str, formula: str, meaning: str, *ids: str) -> Metric:
    return _figure(
        slug,
        field,
        label,
        formula,
        meaning,
        *ids,
        show="amount_auto",
        exact="money2",
        edge=f"{SCORED} {UNPRICED}",
    )


def _points(name: str, label: str, meaning: str, id_: str) -> Metric:
    return _figure(
        f"health-{name.replace('_', '-')}",
        f"avg_{name}_points",
        label,
        f"{name}_points / scored_deals",
        f"{meaning} The mean points of a deal.",
        id_,
        better="up",
        show="decimal",
        exact="decimal",
    )


AVG_HEALTH = _figure(
    "health",
    "avg_pipeline_health",
    "Pipeline health",
    "health_sum / health_weight",
    "The health score of the open deals from 0 to 100, weighed by amount. A deal's score is the "
    "sum of six components, as published on the scorecard; it tells of hygiene and momentum, and "
    "is no probability.",
    *("H01", "H15"),
    better="up",
    show="decimal1",
    exact="decimal",
    edge=f"{SCORED} The plain mean where no deal has an amount. {UNPRICED}",
)
AT_RISK_SHARE = _figure(
    "at-risk-share",
    "at_risk_share",
    "Share at risk",
    "weak_amount / scored_amount",
    "The share of the open amount whose deals are At Risk or Critical: a score below 60, as "
    "published.",
    "H13",
    better="down",
    show="percent",
    exact="percent2",
    edge=f"{SCORED} {UNPRICED} Unknown without any amount.",
)
AT_RISK_CHANGE = _figure(
    "at-risk-change",
    "at_risk_change_1w",
    "Share at risk, change in a week",
    "weak_share - weak_share_week_ago",
    "The share at risk less the one that was kept a week before. From 2 points up the pipeline is "
    "worsening, from 2 points down improving, else stable.",
    "H14",
    better="down",
    show="percentDelta",
    exact="percent2",
    edge="Beside what was kept a week before; unknown where nothing was kept of that very day.",
)
HEALTHY = _figure(
    *("healthy-deals", "healthy_count", "Healthy", "healthy_count"),
    *("Open deals with a score from 80 on, as published.", "H13"),
)
MONITOR = _figure(
    *("monitor-deals", "monitor_count", "Monitor", "monitor_count"),
    *("Open deals with a score from 60 to 79, as published.", "H13"),
)
AT_RISK = _figure(
    *("at-risk-deals", "at_risk_count", "At Risk", "at_risk_count"),
    *("Open deals with a score from 40 to 59, as published.", "H13"),
    better="down",
)
CRITICAL = _figure(
    *("critical-deals", "critical_count", "Critical", "critical_count"),
    *("Open deals with a score below 40, as published.", "H13"),
    better="down",
)
HEALTHY_AMOUNT = _money(
    *("healthy-amount", "healthy_amount", "Healthy, amount", "healthy_amount"),
    *("What the healthy deals are worth.", "H13"),
)
MONITOR_AMOUNT = _money(
    *("monitor-amount", "monitor_amount", "Monitor, amount", "monitor_amount"),
    *("What the deals to be watched are worth.", "H13"),
)
AT_RISK_AMOUNT = _money(
    *("at-risk-amount", "at_risk_amount", "At Risk, amount", "at_risk_amount"),
    *("What the deals at risk are worth.", "H13"),
)
CRITICAL_AMOUNT = _money(
    *("critical-amount", "critical_amount", "Critical, amount", "critical_amount"),
    *("What the critical deals are worth.", "H13"),
)
STAGE_PACE = _points(
    "stage_velocity",
    "Stage velocity",
    "At most 25 of a hundred points: days in the stage beside its benchmark. Within it 25, up to "
    "1.5 times 18, 2 times 10, 3 times 5, beyond that none; 12 without a benchmark.",
    "H02",
)
RECENCY = _points(
    "activity_recency",
    "Activity recency",
    "At most 20: days since the last completed activity out to the customer or with him. Up to 3 "
    "days 20, 7 days 16, 14 days 10, 21 days 4, later or never none.",
    "H03",
)
STAKEHOLDERS = _points(
    "stakeholders",
    "Stakeholders",
    "At most 20: contacts engaged in 90 days (4 and more 10, 3 8, 2 5, 1 1), a champion 5, an "
    "economic buyer 5; for each that is not known 3 while the stage's probability is below 40%.",
    "H04",
)
DATE_HONESTY = _points(
    "close_date",
    "Close date",
    "At most 15: none without an expected close or past it; else 15, 10 after one push to a later "
    "month, 5 after two, none after more.",
    "H05",
)
NEXT_STEP = _points(
    "next_step",
    "Next step",
    "At most 10: an activity planned within 14 days 10, a later one 5, none 0.",
    "H06",
)
COMMERCIAL = _points(
    "commercial",
    "Commercial",
    "At most 10: less 6 where the amount fell by 20% in 30 days, 3 from 5% on; less 4 for a "
    "discount above 20%, 2 above 10%. What is unknown costs nothing.",
    "H07",
)
FLAGGED = _figure(
    "flagged-deals",
    "flagged_count",
    "Flagged deals",
    "flagged_count",
    "Open deals with at least one flag that nobody muted: Past Due, Stuck, Going Dark, No EB, No "
    "Champion, Single-Threaded, Slipped, Pushed, Amount Drop, No Next Step, Heavy Discount, Commit "
    "At Risk.",
    "H08",
    better="down",
    edge=f"{SCORED} A champion or economic buyer that nobody knows of counts as missing from a "
    "stage probability of 40% on.",
)
URGENT = _figure(
    "urgent-deals",
    "urgent_count",
    "Urgent deals",
    "urgent_count",
    "Open deals whose urgency is critical or high, by the days until the expected close, the days "
    "beyond the stage's benchmark, and the score.",
    *("H09", "H10"),
    better="down",
    edge="Critical: closes within 30 days or is past due and more than 7 days over the benchmark, "
    "or scores below 40; or past due in Commit. High: more than 10 days over, past due, or below "
    "40. Muted flags make no deal less urgent.",
)
SLIPPING = _figure(
    "slipping-deals",
    "slipping_count",
    "Likely to slip",
    "slipping_count",
    "Open deals of a high slip risk: no expected close or past it, three pushes, or fewer days "
    "left than 60% of what the rest of its stages usually takes.",
    "H11",
    better="down",
)
NEEDING_ACTION = _figure(
    "stuck-view-deals",
    "stuck_view_count",
    "Stuck or urgent deals",
    "stuck_view_count",
    "Open deals that are flagged Stuck or whose urgency is critical or high, each with the action "
    "to take, with whom, and why.",
    *("H12", "H16"),
    better="down",
    edge="Escalate what is critical and large; call where it went dark or is past due; meet where "
    "people are missing; else mail. A muted flag Stuck alone lists no deal.",
)
COMPONENT_METRICS = (STAGE_PACE, RECENCY, STAKEHOLDERS, DATE_HONESTY, NEXT_STEP, COMMERCIAL)
BAND_METRICS = (HEALTHY, MONITOR, AT_RISK, CRITICAL)
BAND_AMOUNTS = (HEALTHY_AMOUNT, MONITOR_AMOUNT, AT_RISK_AMOUNT, CRITICAL_AMOUNT)
HEALTH_METRICS = (
    *(AVG_HEALTH, AT_RISK_SHARE, AT_RISK_CHANGE),
    *BAND_METRICS,
    *BAND_AMOUNTS,
    *COMPONENT_METRICS,
    *(FLAGGED, URGENT, SLIPPING, NEEDING_ACTION),
)
