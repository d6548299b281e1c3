"""What is open, what was won and lost, how fast and for how much."""

from __future__ import annotations

from revops_site.kernel.formats import show
from revops_site.kernel.metrics import Better, Metric

STUCK_DAYS, STUCK_AMOUNT = 45, 50_000
DECIDED = "Won and lost deals of the period; not those lost as a duplicate, a test or merged."
PRICED = "Deals without an amount or without an exchange rate are left out, and counted apart."
FIRST_KNOWN = (
    "The first amount that is recorded of a deal counts, whatever it became since; today's where "
    "no change of it is recorded. The owner is today's."
)
AS_OF = "Of a past day: deals as they stood at its end, as far as history is recorded."


def count(slug: str, field: str, label: str, formula: str, meaning: str, edge: str) -> Metric:
    """How many deals."""
    return Metric(
        slug=f"pipeline-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=formula,
        better="neither",
        show="integer",
        exact="integer",
        edge=edge,
        ids=("P03",),
    )


def money(
    slug: str,
    field: str,
    label: str,
    formula: str,
    meaning: str,
    edge: str,
    *ids: str,
    better: Better = "up",
) -> Metric:
    """An amount in the reporting currency."""
    return Metric(
        slug=f"pipeline-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=formula,
        better=better,
        show="amount_auto",
        exact="money2",
        edge=edge,
        ids=ids,
    )


TOTAL = money(
    "total",
    "total_pipeline",
    "Open pipeline",
    "open_amount",
    "What all open deals are worth, in the reporting currency at the rate of the day.",
    f"Whatever the period: it is what is open on the day. Omitted deals are not in it. {PRICED}",
    "P01",
)
WEIGHTED = money(
    "weighted",
    "weighted_pipeline",
    "Weighted pipeline",
    "open_weighted",
    "The amount of each open deal times how likely it is won.",
    "The deal's own probability, else its stage's; a deal with neither adds nothing. "
    "A bookkeeping figure, not a forecast.",
    "P02",
)
OPEN = count(
    "open-deals",
    "open_deals",
    "Open deals",
    "open_deals",
    "Deals that are open on the day.",
    f"Deleted and omitted deals are not counted. {AS_OF}",
)
MISSING_AMOUNT = count(
    "missing-amount",
    "missing_amount_count",
    "Open without an amount",
    "open_missing",
    "Open deals whose amount nobody knows.",
    "They count as deals and add nothing to amounts. An amount of 0 is a known one.",
)
FX_MISSING = count(
    "missing-rate",
    "fx_missing_count",
    "Open without a rate",
    "open_unrated",
    "Open deals in a currency for which no exchange rate is known.",
    "They count as deals; their money is in no amount.",
)
AVG_OPEN = money(
    "open-deal-size",
    "avg_open_deal_size",
    "Average open deal",
    "open_amount / (open_deals - open_missing - open_unrated)",
    "What an open deal is worth on average.",
    f"{PRICED} Unknown where no open deal has an amount.",
    "P04",
)
PAST_DUE = count(
    "past-due",
    "past_due_deals",
    "Past due",
    "past_due",
    "Open deals whose expected close lies before the day.",
    "A deal without an expected close is not past due.",
)
PAST_DUE_AMOUNT = money(
    "past-due-amount",
    "past_due_amount",
    "Past due amount",
    "past_due_amount",
    "What the open deals past their expected close are worth.",
    PRICED,
    better="down",
)
STUCK = count(
    "stuck",
    "stuck_deals",
    "Stuck deals",
    "stuck",
    "Large open deals that have been in their stage for long.",
    f"From {STUCK_DAYS} days in the stage and {show(STUCK_AMOUNT, 'integer')} in the reporting "
    "currency on, where the filters name no other limits.",
)
STUCK_VALUE = money(
    "stuck-amount",
    "stuck_amount",
    "Stuck amount",
    "stuck_amount",
    "What the stuck deals are worth.",
    STUCK.edge,
    "P14",
    better="down",
)
WON = count("won", "won_deals", "Won", "won", "Deals won in the period.", AS_OF)
LOST = count("lost", "lost_deals", "Lost", "lost", "Deals lost in the period.", DECIDED)
WON_VALUE = money(
    "won-amount",
    "closed_won_amount",
    "Won amount",
    "won_amount",
    "What the deals won in the period are worth, at the rate of the day each was won.",
    PRICED,
)
LOST_VALUE = money(
    "lost-amount",
    "closed_lost_amount",
    "Lost amount",
    "lost_amount",
    "What the deals lost in the period were worth, at the rate of the day each was lost.",
    f"{PRICED} {DECIDED}",
    better="down",
)
DEAL_SIZE = money(
    "deal-size",
    "avg_deal_size",
    "Average deal size",
    "won_amount / (won - won_missing - won_unrated)",
    "What a deal won in the period is worth on average.",
    f"{PRICED} Unknown where none was won. Open and lost deals are no part of it.",
    "P05",
)
CREATED = count(
    "created",
    "created_deals",
    "Created",
    "created",
    "Deals created in the period.",
    "Not those that were lost as a duplicate, a test or merged.",
)
CREATED_VALUE = money(
    "created-amount",
    "pipeline_created_amount",
    "Created amount",
    "created_amount",
    "What the deals created in the period were worth when that was first known, at the rate of the "
    "day of creation.",
    f"{PRICED} {FIRST_KNOWN}",
    "P22",
)


def rate(
    slug: str,
    field: str,
    label: str,
    formula: str,
    meaning: str,
    edge: str,
    ids: tuple[str, ...] = (),
) -> Metric:
    """A share of a whole, more of which is better."""
    return Metric(
        slug=f"pipeline-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=formula,
        better="up",
        show="percent",
        exact="percent2",
        edge=edge,
        ids=ids or ("P07" if "amount" in formula else "P06",),
        change="points",
    )


WIN_RATE = rate(
    "win-rate",
    "win_rate",
    "Win rate",
    "won / (won + lost)",
    "The share of decided deals that was won.",
    f"{DECIDED} Open deals are not in it. Unknown where none was decided. The range beside it "
    "holds the true rate in 95 of 100 cases (Wilson).",
)
WIN_RATE_AMOUNT = rate(
    "win-rate-amount",
    "win_rate_amount",
    "Win rate by amount",
    "won_amount / (won_amount + lost_amount)",
    "The share of the decided money that was won.",
    f"{DECIDED} {PRICED}",
)


def days(slug: str, field: str, label: str, formula: str, meaning: str) -> Metric:
    """Days, fewer of which are better."""
    return Metric(
        slug=f"pipeline-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=formula,
        better="down",
        show="days",
        exact="decimal",
        edge="Whole calendar days, of won deals alone. Unknown where none was won.",
        ids=("P09",),
    )


CYCLE = days(
    "cycle",
    "avg_sales_cycle_days",
    "Sales cycle",
    "cycle_days / won",
    "Days from creation to win, on average of the deals won in the period.",
)
MEDIAN_CYCLE = days(
    "median-cycle",
    "median_sales_cycle_days",
    "Median sales cycle",
    "median_cycle_days",
    "Half of the deals won in the period took at most so many days from creation to win.",
)
VELOCITY = money(
    "velocity",
    "velocity",
    "Velocity",
    "open_deals * (won / (won + lost)) * (won_amount / (won - won_missing - won_unrated))"
    " / (cycle_days / won)",
    "What the open deals can be expected to bring per day: how many there are, times the win "
    "rate, times the average deal size, over the days of a sales cycle.",
    "Unknown where any part of it is unknown.",
    "P10",
)

OPEN_METRICS = (TOTAL, WEIGHTED, OPEN, AVG_OPEN, MISSING_AMOUNT, FX_MISSING)
PAST_DUE_METRICS = (PAST_DUE, PAST_DUE_AMOUNT)
STUCK_METRICS = (STUCK, STUCK_VALUE)
CREATED_METRICS = (CREATED, CREATED_VALUE)
WON_METRICS = (WON, WON_VALUE, DEAL_SIZE, CYCLE)
DECIDED_METRICS = (WIN_RATE, WIN_RATE_AMOUNT, LOST, LOST_VALUE)
MEDIAN_METRICS = (MEDIAN_CYCLE,)
VELOCITY_METRICS = (VELOCITY,)
