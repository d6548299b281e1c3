"""The reports that there are: each is made of panels of the pages, by their addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ROOT = "/reports/"


@dataclass(frozen=True)
class Section:
    """Some panels of the page at an address, in the order of the page; none named are all.

    A ``{rep}`` in the address is the rep that the report is of; panels to ``do`` something with are
    of no use on paper and left out.
    """

    address: str
    panels: tuple[str, ...] = ()
    title: str = ""
    do: tuple[str, ...] = ("today",)


@dataclass(frozen=True)
class Report:
    """What is printed under one name. A ``long`` one has a cover and begins pages with sections.

    One ``of_a_rep`` is of one rep, whom the filter of owners names.
    """

    slug: str
    title: str
    lede: str
    sections: tuple[Section, ...]
    long: bool = False
    of_a_rep: bool = False

    def address(self, query: str = "") -> str:
        """Where it is, under a query."""
        return f"{ROOT}{self.slug}/?{query}" if query else f"{ROOT}{self.slug}/"


EXECUTIVE = Report(
    "executive-summary",
    "Executive summary",
    "What happened, why and what to do, in sentences; then the headline figures of every domain.",
    (
        Section("/insights/summary/"),
        Section("/"),
        Section("/pipeline/forecast/", ("forecast-kpis", "forecast-parts", "forecast-trend")),
        Section("/pipeline/", ("pipeline-kpis", "stage-distribution", "pipeline-flow")),
        Section("/revenue/", ("revenue-kpis", "mrr-waterfall")),
        Section("/marketing/", ("marketing-kpis", "channel-performance")),
    ),
)
FORECAST = Report(
    "weekly-forecast",
    "Weekly forecast",
    "The quarter as it stands: what is won, what is called, what is likely, and which deals "
    "decide it.",
    (
        Section("/pipeline/forecast/"),
        Section("/pipeline/calls/"),
        Section("/pipeline/bridge/", ("bridge-quarter", "bridge-quarter-steps")),
    ),
)
BOARD = Report(
    "board-pack",
    "Board pack",
    "The company’s figures in full: growth, retention, pipeline, forecast, marketing, unit "
    "economics.",
    (
        Section("/"),
        Section(
            "/revenue/",
            (
                *("revenue-kpis", "mrr-waterfall", "retention-trend", "nrr-by-segment"),
                *("revenue-by-segment", "revenue-by-plan", "churn-reasons"),
            ),
        ),
        Section("/revenue/retention/", ("retention-by-segment", "churn-rates", "quick-ratio")),
        Section("/revenue/forecast/", ("mrr-forecast-kpis", "mrr-forecast")),
        Section(
            "/pipeline/",
            (
                *("pipeline-kpis", "stage-distribution", "pipeline-flow"),
                *("win-rate-by-segment", "cycle-by-segment"),
            ),
        ),
        Section(
            "/pipeline/forecast/",
            (
                *("forecast-kpis", "forecast-trend", "forecast-parts", "forecast-calibration"),
                *("forecast-by-team", "forecast-record"),
            ),
        ),
        Section(
            "/marketing/",
            ("marketing-kpis", "channel-performance", "weekly-trend", "funnel", "roi-by-channel"),
        ),
        Section("/revenue/unit-economics/"),
    ),
    long=True,
)
MARKETING = Report(
    "marketing",
    "Marketing report",
    "What was spent, what it brought, which channels and campaigns earn their budget.",
    (
        Section("/marketing/"),
        Section(
            "/marketing/campaigns/",
            ("campaign-channels", "campaigns", "pacing-month", "pacing-quarter"),
        ),
        Section("/marketing/attribution/"),
        Section("/insights/lead-to-cash/", ("lead-steps", "lead-steps-by-channel")),
    ),
)
SCORECARD = Report(
    "rep-scorecard",
    "Rep scorecard",
    "One rep: attainment, what drives it, activity, stages, calls and reasons, beside the team.",
    (Section("/coaching/reps/{rep}/"),),
    of_a_rep=True,
)
REPORTS: Mapping[str, Report] = {
    one.slug: one for one in (EXECUTIVE, FORECAST, BOARD, MARKETING, SCORECARD)
}
