"""Coaching's definitions: attainment and rank, win rates that can be compared, work a day."""

from __future__ import annotations

from revops_site.kernel.metrics import Better, Metric

TO_DATE = (
    "Of a quarter that is not over, so much of the quota counts as days have passed, the day "
    "included; of all that the rep sells, whatever the filters. Unknown where there is no quota."
)
TEAM = "The team are the active reps shown together; its rate is all its deals together."
FEW = "Of fewer than 5 decided deals it says little."


def _metric(
    slug: str,
    field: str,
    label: str,
    formula: str,
    meaning: str,
    edge: str,
    *ids: str,
    show: str = "decimal1",
    exact: str = "decimal",
    better: Better = "up",
) -> Metric:
    return Metric(
        slug=f"coaching-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=formula,
        better=better,
        show=show,
        exact=exact,
        edge=edge,
        ids=ids,
        change="points" if exact == "percent2" else "relative",
    )


ATTAINMENT = _metric(
    "attainment",
    "ytd_attainment",
    "Attainment",
    "won_amount / quota_to_date",
    "What was won since the fiscal year began, of the quota of the days that have passed.",
    f"{TO_DATE} Top Performer from 110 %, On Track from 90 %, Needs Improvement from 70 %, At Risk "
    "below; nobody is called anything in the first 90 days.",
    "K01",
    "K08",
    show="percent",
    exact="percent2",
)
RANK = _metric(
    "rank",
    "overall_rank",
    "Rank",
    "overall_rank",
    "The place by attainment among the reps shown together.",
    "Those who tie share the better place (1, 2, 2, 4); who has no quota has no place.",
    "K06",
    show="integer",
    exact="integer",
    better="down",
)
RANK_CHANGE = _metric(
    "rank-change",
    "rank_change_qoq",
    "Places gained",
    "rank_before - overall_rank",
    "The place when the last quarter closed, less the place now; above 0 is better.",
    "Unknown where either is.",
    "K07",
    show="integer",
    exact="integer",
)
YEAR_METRICS = (ATTAINMENT, RANK, RANK_CHANGE)

PACE = _metric(
    "pace",
    "pace",
    "Pace",
    "quarter_won / quarter_quota",
    "What was won in the running quarter, of the quota of its days that have passed.",
    f"At 100 % the quarter's quota is met if it goes on so. {TO_DATE}",
    "K01",
    show="percent",
    exact="percent2",
)
ATTAINMENT_CHANGE = _metric(
    "attainment-change",
    "attainment_change_qoq",
    "Pace against the last quarter",
    "quarter_won / quarter_quota - last_won / last_quota",
    "The pace of the running quarter, less the attainment of the quarter before.",
    "Unknown where either quarter has no quota.",
    "K07",
    show="percentDelta",
    exact="percent2",
)
COVERAGE = _metric(
    "coverage",
    "coverage_ratio",
    "Coverage",
    "pipeline_total / left_to_win",
    "Open deals expected in the running quarter, of what is still to be won in it.",
    "Unknown without a quota, and where it is met.",
    "F12",
    show="ratio",
)
QUARTER_METRICS = (PACE, ATTAINMENT_CHANGE)
COVERAGE_METRICS = (COVERAGE,)

SHRUNK = _metric(
    "win-rate",
    "win_rate_shrunk",
    "Win rate, fair",
    "(won + 10 * team_win_rate) / (won + lost + 10)",
    "The win rate as if each rep had begun with ten deals at the team's rate: few deals cannot "
    "move it far, so that reps can be compared.",
    f"{TEAM} Ranks of win rates go by it; the bare rate stands beside.",
    "K09",
    show="percent",
    exact="percent2",
)
WIN_RATE_VS_TEAM = _metric(
    "win-rate-vs-team",
    "win_rate_vs_team",
    "Win rate against the team",
    "won / (won + lost) - team_win_rate",
    "The share of decided deals that was won, less the team's.",
    f"{TEAM} {FEW}",
    "K02",
    "K05",
    show="percentDelta",
    exact="percent2",
)
CYCLE_VS_TEAM = _metric(
    "cycle-vs-team",
    "cycle_vs_team",
    "Sales cycle against the team",
    "cycle_days / won - team_cycle",
    "Days from creation to win, less the team's; below 0 is faster.",
    TEAM,
    "K04",
    "K05",
    show="days1",
    better="down",
)
SIZE_VS_TEAM = _metric(
    "deal-size-vs-team",
    "deal_size_vs_team",
    "Deal size against the team",
    "won_amount / (won - won_missing - won_unrated) - team_deal_size",
    "What a won deal is worth on average, less the team's.",
    TEAM,
    "K03",
    "K05",
    show="amount_auto",
    exact="money2",
)
DECIDED_METRICS = (SHRUNK, WIN_RATE_VS_TEAM, CYCLE_VS_TEAM, SIZE_VS_TEAM)

DAILY = _metric(
    "activities-a-day",
    "avg_daily_activities",
    "Activities a day",
    "activities / working_days",
    "Calls, mails, meetings, demos and tasks completed in the last 30 days, by working day.",
    "Working days are Monday to Friday less holidays, from the day that a rep started; what is "
    "done on others counts too.",
    "K11",
    "K12",
)
CONSISTENCY = _metric(
    "consistency",
    "activity_consistency_score",
    "Consistency",
    "consistency",
    "How even the working days of the last 30 are: 100 where all are alike.",
    "100 less the standard deviation as a percentage of the mean, 0 at least; of one rep alone. "
    "Below 4 activities a day chance alone lowers it. A weekday is a low one below 70 % of the "
    "mean of all weekdays.",
    "K13",
    "K14",
    show="integer",
    exact="integer",
)
ACTIVITY_METRICS = (DAILY, CONSISTENCY)
METRICS = (
    *YEAR_METRICS,
    *QUARTER_METRICS,
    *COVERAGE_METRICS,
    *DECIDED_METRICS,
    *ACTIVITY_METRICS,
)

# Of single deals and comparisons, which no sum of rows explains: told, and shown with their parts.
GAP = _metric(
    "gap-to-top",
    "gap_to_top",
    "Gap to top performers",
    "top_performer_value - rep_value",
    "How far a rep is behind the Top Performers of the company in win rate, deal size, cycle, "
    "contacts per deal, activities a day or discount; the other way round where less is better.",
    "Where nobody is a Top Performer the best quarter of reps. A driver is what chance alone would "
    "make differ so in fewer than one of 20 comparisons together (Welch, Holm), of 10 cases at "
    "least on both sides.",
    "K10",
    better="down",
)
PRIORITY = _metric(
    "priority",
    "priority_score",
    "Priority",
    "health + recency + amount + close_date + flags",
    "How much an open deal needs its rep now, from 0 to 100.",
    "Health: 30 at a score of 0. Recency: 20 at 30 days without contact. Amount: 20 from four "
    "times the median of what was won in four quarters, by those whose deals one sees where just "
    "one other won anything. Close date: 15 within 14 days or past, 10 "
    "within 30, 5 within 60, 2 within 90. Flags: 3 each, 15 at most. Equal ones go by the larger "
    "amount, the nearer close date, the id; the first ten of each rep are told. What is done "
    "is told of again after 14 days, what is snoozed from its day on, anything as soon as the deal "
    "needs something else.",
    "K15",
    "K16",
    better="neither",
)
TOLD = (GAP, PRIORITY)
