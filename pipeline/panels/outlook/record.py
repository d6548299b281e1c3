"""How good past forecasts were: every method's scores, and chances said against what happened."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline import charts
from pipeline.queries import records
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown

METHODS = {
    "L0": "By stage and health",
    "L1": "As past quarters taught",
    "weighted": "Weighted pipeline",
    "pace": "Pace of past quarters",
    "last_quarter": "The last quarter again",
    "holt_winters": "Trend and season of quarters",
}
SEASONAL = "holt_winters"
FEW = "not enough data, it takes 12 closed quarters before the one that is forecast."
UNTRIED = (
    "Past quarters were not tried yet. That is done in the background within minutes of a load, "
    "or by manage.py backtest."
)


def scores(slice_: Slice) -> pd.DataFrame:
    """Each method's errors by weeks of the quarter; of the company, whatever the filters."""
    found = records.scores()
    return found.assign(is_used=found["method"] == records.method_in_use())


def calibration(slice_: Slice) -> pd.DataFrame:
    """What was said of deals in closed quarters, and what happened, by the method in use."""
    return records.calibration()


def notes(slice_: Slice) -> Sequence[str]:
    """What the trial decided, and how far its ranges would have held."""
    found = records.newest()
    if found is None:
        return ()
    held = formats.show(found.shown_coverage, "percent")
    return (
        f"In use: {METHODS.get(found.method, found.method)}. {found.reason}",
        f"{found.quarters} closed quarters up to {formats.show(found.as_of, 'date')}, of the whole "
        f"company. The ranges shown are widened {found.interval_inflation:.2f} times and would "
        f"have held {held} of the results; they are meant to hold 80%.",
        *(() if SEASONAL in set(scores(slice_)["method"]) else (f"{METHODS[SEASONAL]}: {FEW}",)),
    )


SCORES = Panel(
    slug="forecast-record",
    title="How good were past forecasts?",
    question="Closed quarters forecast again, with what was known each week alone.",
    frame=scores,
    columns=(
        Shown("method", "Method", words=METHODS),
        Shown("weeks", "Weeks"),
        Shown("n", "Forecasts", "integer"),
        Shown("wape", "Error", "percent", help="All errors together, of all results together."),
        Shown("bias", "Bias", "percentDelta", help="Above 0: too high."),
        Shown("mape", "Mean error", "percent", help="The mean of each week's error."),
        Shown("coverage_80", "Range held", "percent", help="As it was, before it is widened."),
        Shown("skill_vs_baseline", "Better", "percentDelta", help="Than the best simple method."),
    ),
    dimensions=(),
    width="col-12",
    note=notes,
    nothing=UNTRIED,
)
CALIBRATION = Panel(
    slug="forecast-calibration",
    title="Do chances come true?",
    question="Deals of closed quarters: the chance that was said, and the share that was won.",
    frame=calibration,
    figure=charts.calibration,
    columns=(
        Shown("said", "Said", "percent", help="The mean chance of these deals."),
        Shown("happened", "Won", "percent"),
        Shown("low", "95% from", "percent"),
        Shown("high", "to", "percent"),
        Shown("n", "Deals", "integer"),
    ),
    dimensions=(),
    nothing=UNTRIED,
)
