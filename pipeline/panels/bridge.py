"""Why the open pipeline is another than it was: the steps of a bridge, and the deals of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pandas as pd

from pipeline import charts, queries
from pipeline.analytics import bridge as steps
from pipeline.analytics.told import STATUS, told
from pipeline.panels.known import OPEN, before_history
from pipeline.panels.ledgers import DATASETS
from pipeline.panels.windows import BEGINNING
from pipeline.queries import bridge
from revops_site.kernel import formats, periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Page, Panel, Shown
from revops_site.kernel.periods import Period

KNOWN = tuple(name for name in OPEN if name in bridge.DIMENSIONS)
LABELS: Mapping[str, str] = {
    "start": "Starting pipeline",
    "created": "Created",
    "reopened": "Reopened",
    "pulled_in": "Pulled in",
    "pushed_in": "Pushed in",
    "added": "Moved here",
    "increased": "Amount up",
    "decreased": "Amount down",
    "currency": "Currency",
    "pushed_out": "Pushed out",
    "pulled_out": "Pulled out",
    "won": "Won",
    "lost": "Lost",
    "removed": "Moved away",
    "deleted": "Deleted",
    "end": "Ending pipeline",
}
MEANINGS: Mapping[str, str] = {
    "created": "Deals that did not exist on the first day.",
    "reopened": "Deals that were won, lost or deleted on the first day and are open again.",
    "pulled_in": "Deals that were to close later and now close within the quarter.",
    "pushed_in": "Deals that were to close before and now close within the quarter.",
    "added": "Deals whose owner, team, segment, region, channel, pipeline or forecast category "
    "changed, so that they now belong to what is shown.",
    "increased": "Open deals whose own amount was raised, with what the rate did to them.",
    "decreased": "Open deals whose own amount was lowered, with what the rate did to them.",
    "currency": "Open deals that the exchange rate moved, further than their own amount did.",
    "pushed_out": "Deals that now close after the quarter.",
    "pulled_out": "Deals that now close before the quarter.",
    "won": "Deals that were won, at what they counted for on the first day.",
    "lost": "Deals that were lost, at what they counted for on the first day.",
    "removed": "Deals whose owner, team, segment, region, channel, pipeline or forecast category "
    "changed, so that they no longer belong to what is shown.",
    "deleted": "Deals that were deleted, or lost as a duplicate, a test or merged.",
}
QUARTER, ALL = "quarter", "all"


def days(slice_: Slice) -> Period:
    """The days of the change: from the end of the day before the first to the end of the last."""
    period = slice_.period or Period(BEGINNING, periods.plus(slice_.as_of, 1))
    last = max(period.start, min(period.end, periods.plus(slice_.as_of, 1)))
    return Period(period.start, last)


def before(slice_: Slice) -> date:
    """The day at whose end the change begins."""
    return periods.plus(days(slice_).start, -1)


def closes(slice_: Slice, scope: str) -> Period | None:
    """The fiscal quarter that deals have to close in, else that of the last day; None for any."""
    if scope == ALL:
        return None
    if slice_.chosen_quarter:
        return slice_.chosen_quarter
    return periods.fiscal_quarter(days(slice_).last_day, slice_.first_month)


BETWEEN = "A deal that came and was closed in between is at neither end."


def movement(slice_: Slice, scope: str) -> pd.DataFrame:
    """The steps of the bridge, from the starting to the ending pipeline."""
    sums = bridge.sums(slice_, before(slice_), days(slice_).last_day, closes(slice_, scope))
    found = steps.waterfall(sums)
    kinds = found["step"].astype("str")
    return found.assign(
        label=kinds.map(LABELS), kind=kinds.where(~kinds.isin(["start", "end"]), "")
    )


def notes(slice_: Slice, scope: str) -> Sequence[str]:
    """Which deals and days it is of, and what came in and went out, gross and net."""
    found = movement(slice_, scope)
    quarter = closes(slice_, scope)
    first, last = (formats.show(day, "date") for day in (before(slice_), days(slice_).last_day))
    said = f"From the end of {first} to the end of {last}."
    if quarter is not None:
        label = periods.quarter_label(quarter.start, slice_.first_month)
        said = f"Open deals that are to close in {label}, {said[:1].lower()}{said[1:]}"
    if found.empty:
        return (said,)
    unknown = before_history(slice_.at(before(slice_)))
    more, less, whole = steps.net(found)
    show = partial(formats.show, name="amount_auto", currency=slice_.currency)
    gross = f"{show(more)} came in and {show(-less)} went out"
    return (f"{said} {gross}: {_signed(whole, slice_)} net. {BETWEEN}", *unknown)


def summary(slice_: Slice) -> Sequence[str]:
    """What all open pipeline gained or lost in the period, and by which steps the most."""
    found = movement(slice_, ALL)
    if found.empty:
        return ()
    *_, whole = steps.net(found)
    parts = [
        f"{LABELS[name].lower()} {_signed(by, slice_)}" for name, by in steps.largest(found, 3)
    ]
    if not parts:
        return ("Open pipeline is what it was.",)
    return (f"Open pipeline {_signed(whole, slice_)}: mostly {', '.join(parts)}.",)


def _signed(amount: float, slice_: Slice) -> str:
    text = formats.show(amount, "amount_auto", slice_.currency)
    return formats.screen(f"+{text}" if amount > 0 else text)


def deals(slice_: Slice, scope: str, step: str) -> pd.DataFrame:
    """The deals of one step with what each was and is."""
    last = days(slice_).last_day
    found = bridge.moved(slice_, before(slice_), last, closes(slice_, scope), step)
    return told(found, step)


def step_notes(slice_: Slice, scope: str, step: str) -> Sequence[str]:
    """How many deals took the step, and what they moved together."""
    found = deals(slice_, scope, step)
    whole = formats.screen(formats.show(found["change"].sum(), "money", slice_.currency))
    count = f"{len(found):,} {'deal' if len(found) == 1 else 'deals'}"
    first, last = (formats.show(day, "date") for day in (before(slice_), days(slice_).last_day))
    return (f"{count}, {whole} together, from the end of {first} to {last}.",)


def _panels(scope: str, title: str) -> tuple[Panel, Panel]:
    """The bridge drawn, and beside it its steps as a table."""
    drawn = Panel(
        slug=f"bridge-{scope}",
        title=title,
        question="Each deal has one reason; a step leads to its deals.",
        frame=partial(movement, scope=scope),
        figure=charts.bridge,
        columns=(
            Shown("label", "Step", link=f"/pipeline/bridge/{scope}/{{kind}}/"),
            Shown("step", "Code", filed=True),
            Shown("deals", "Deals", "integer"),
            Shown("amount", "Amount", "money", help="What it adds; below 0 what it takes."),
        ),
        dimensions=KNOWN,
        width="col-8",
        unit="money",
        note=partial(notes, scope=scope),
        narrows=lambda row: None,
        nothing="No deal was open on either day.",
    )
    table = replace(
        drawn,
        contract="/pipeline/bridge/movement.json" if scope == QUARTER else "",
        slug=f"bridge-{scope}-steps",
        title=f"Its steps, {TITLES[scope]}",
        question="What each step adds or takes, with the deals behind it.",
        figure=None,
        note=None,
        width="col-4",
    )
    return drawn, table


def step(scope: str, name: str) -> Page | None:
    """The page of one step of a bridge; None where there is no such step."""
    if scope not in TITLES or name not in steps.STEPS:
        return None
    panel = Panel(
        slug="deals",
        title="Which deals were they?",
        question=MEANINGS[name],
        frame=partial(deals, scope=scope, step=name),
        columns=COLUMNS,
        dimensions=KNOWN,
        width="col-12",
        unit="money",
        note=partial(step_notes, scope=scope, step=name),
        about=f"{scope} {name}",
        nothing="No deal took this step.",
        sort="-change" if name in {*steps.IN, "increased"} else "change",
    )
    return Page(
        slug=f"bridge-{scope}-{name.replace('_', '-')}",
        title=f"{LABELS[name]}: {TITLES[scope]}",
        url=f"/pipeline/bridge/{scope}/{name}/",
        panels=(panel,),
        datasets=DATASETS,
        dimensions=KNOWN,
        choices=_choices,
        default_period="this_quarter",
        quarterly=True,
        compared=False,
    )


def _choices(generation: int) -> Mapping[str, Any]:
    found = queries.choices(generation)
    return {name: values for name, values in found.items() if name in KNOWN}


COLUMNS = (
    Shown("deal_name", "Deal", link="/pipeline/deals/{seen_id}/", steps="deals"),
    Shown("deal_id", "Id", filed=True),
    Shown("account_name", "Account", link="/accounts/{account_id}/"),
    Shown("owner_now", "Owner"),
    Shown("told", "Old → new", "told"),
    Shown("change", "Change", "money", help="What it did to the open pipeline."),
    Shown("status_then", "Status then", words=STATUS, filed=True),
    Shown("status_now", "Status now", words=STATUS, filed=True),
    Shown("stage_then", "Stage then", filed=True),
    Shown("stage_now", "Stage"),
    Shown("amount_then", "Amount then", "decimal", filed=True),
    Shown("amount_now", "Amount now", "decimal", filed=True),
    Shown("money_now", "Currency", filed=True),
    Shown("close_then", "Close then", "date", filed=True),
    Shown("close_now", "Expected close", "date"),
    Shown("owner_then", "Owner then", filed=True),
    Shown("category_then", "Forecast then", filed=True),
    Shown("category_now", "Forecast now", filed=True),
)
TITLES = {QUARTER: "the quarter’s pipeline", ALL: "all open pipeline"}
PANELS = (
    *_panels(QUARTER, "What changed in the quarter’s pipeline?"),
    *_panels(ALL, "What changed in all open pipeline?"),
)
PAGE = Page(
    slug="bridge",
    title="Pipeline changes",
    url="/pipeline/bridge/",
    panels=PANELS,
    datasets=DATASETS,
    dimensions=KNOWN,
    choices=_choices,
    default_period="this_quarter",
    quarterly=True,
    compared=False,
)
