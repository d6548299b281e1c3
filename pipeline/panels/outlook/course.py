"""What the forecast is the sum of, and how it came to this over the weeks of the quarter."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline import charts, metrics
from pipeline.analytics import outlook
from pipeline.panels.forecasts import forecast_history, reckon
from pipeline.panels.known import OPEN
from pipeline.queries import forecast
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown
from revops_site.kernel.periods import plus, quarter_label


def parts(slice_: Slice) -> pd.DataFrame:
    """The forecast's parts; none where there is nothing to expect."""
    found = outlook.parts(reckon(slice_))
    return found if found["amount"].any() else found.iloc[:0]


def weeks(slice_: Slice) -> pd.DataFrame:
    """The quarter's weeks; none where none was kept."""
    rows = forecast_history(slice_)
    if not rows:
        return outlook.weeks([], [], None).iloc[:0]
    return outlook.weeks(rows, forecast_history(_last(slice_)), forecast.target(slice_))


def notes(slice_: Slice) -> Sequence[str]:
    """Of which quarter the comparison is."""
    last = _last(slice_)
    label = quarter_label(last.as_of, slice_.first_month)
    return (f"The last quarter is {label}, as it was known then, week by week.",)


def _last(slice_: Slice) -> Slice:
    """The slice as of the last day of the quarter before, or its own where that is not over."""
    return slice_.at(min(slice_.as_of, plus(slice_.quarter.start, -1)))


PARTS = Panel(
    slug="forecast-parts",
    title="What is the forecast made of?",
    question="What is won, what each category of open deals promises by their chances, and what "
    "past quarters brought besides.",
    frame=parts,
    figure=charts.parts,
    columns=(
        Shown("part", "Part"),
        Shown("amount", "Expected", "money", metric={"Forecast": metrics.FORECAST}),
        Shown("open_amount", "Of open", "money", help="The whole amount of these deals."),
        Shown("deals", "Deals", "integer"),
    ),
    dimensions=OPEN,
    unit="money",
    nothing="No deal was won or is expected in this quarter.",
)
TREND = Panel(
    slug="forecast-trend",
    title="Where has it been going?",
    question="Forecast, commit and won as they were kept each week, the straight way to the "
    "target, and what the last quarter had won by then.",
    frame=weeks,
    figure=charts.course,
    columns=(
        Shown("week_number", "Week", "integer"),
        Shown("snapshot_date", "Day", "date"),
        Shown("cumulative_forecast", "Forecast", "money", help=metrics.FORECAST.meaning),
        Shown("forecast_low", "From", "money", help=metrics.FORECAST_LOW.meaning),
        Shown("forecast_high", "to", "money", help=metrics.FORECAST_HIGH.meaning),
        Shown("cumulative_commit", "Commit", "money", help=metrics.COMMIT.meaning),
        Shown("cumulative_closed", "Won", "money", help=metrics.CLOSED_WON.meaning),
        Shown("cumulative_target", "Target", "money", help="The straight way to the target."),
        Shown("last_closed", "Won last quarter", "money"),
        Shown("pipeline_commit", "In commit", "money", help=metrics.PIPELINE_COMMIT.meaning),
        Shown("pipeline_best_case", "Best case", "money", help=metrics.PIPELINE_BEST_CASE.meaning),
        Shown("pipeline_total", "Pipeline", "money", help=metrics.PIPELINE_TOTAL.meaning),
        Shown("avg_pipeline_health", "Health", "decimal1", help="By amount, from 0 to 100."),
    ),
    dimensions=OPEN,
    unit="money",
    width="col-12",
    note=notes,
    nothing="No week of this quarter was kept yet. Mondays are kept in the background within "
    "minutes of a load; the first one is the quarter’s first Monday.",
    contract="/pipeline/forecast/history.json",
)
