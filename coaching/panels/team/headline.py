"""The figures of those who are shown, together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coaching import metrics
from coaching.panels import ledgers
from coaching.panels.team.known import KNOWN, NOTHING
from coaching.queries.people import group
from pipeline import metrics as deal_metrics
from pipeline import queries
from pipeline.analytics import win_rate_range
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Metric, Operands, change, measure
from revops_site.kernel.panels import TILE_COLUMNS, Panel, Tile, tile_frame


def tiles(slice_: Slice) -> Sequence[Tile]:
    """What was won of the quota, how often and how fast, and what is done; none without a rep."""
    found = group(slice_)
    if not found.shown:
        return []
    year, quarter = ledgers.year(slice_), ledgers.quarter(slice_)
    if not (year["won"] or year["quota"] == year["quota"] or _is_known(slice_)):
        return []
    return [
        attainment(year),
        replace(pace(quarter), against=ledgers.last_quarter(slice_)),
        win_rate(slice_),
        _of_period(deal_metrics.DEAL_SIZE, slice_),
        _of_period(deal_metrics.CYCLE, slice_),
        daily(slice_),
    ]


def attainment(year: Operands) -> Tile:
    """Won this fiscal year, of the quota of its days so far."""
    return Tile(
        metrics.ATTAINMENT,
        measure(metrics.ATTAINMENT, year),
        None,
        None,
        (),
        note="This fiscal year to date." if year["quota"] == year["quota"] else "",
    )


def pace(quarter: Operands) -> Tile:
    """The same of the running quarter, beside the quarter before."""
    before = {"quarter_won": quarter["last_won"], "quarter_quota": quarter["last_quota"]}
    now, then = measure(metrics.PACE, quarter), measure(metrics.PACE, before).value
    moved = change(metrics.PACE, now.value, then)
    base = "vs the quarter before" if moved is not None else ""
    note = "This quarter to date." if now.value is not None else ""
    return Tile(metrics.PACE, now, then, moved, (), note=note, base=base)


def win_rate(slice_: Slice, note: str = "") -> Tile:
    """The share of decided deals that was won in the period, with how sure that is."""
    sums = queries.totals(slice_)
    low, high = win_rate_range(sums)
    shown = _of_period(deal_metrics.WIN_RATE, slice_)
    decided = int(sums["won"] + sums["lost"])
    return replace(shown, low=low, high=high, n=decided, note=note)


def daily(slice_: Slice) -> Tile:
    """What was done by working day."""
    found = ledgers.activities(slice_)
    days = int(found["working_days"])
    return Tile(
        metrics.DAILY,
        measure(metrics.DAILY, found),
        None,
        None,
        (),
        note=f"{formats.show(found['activities'], 'integer')} in 30 days, {days:,} working days.",
    )


def _of_period(metric: Metric, slice_: Slice) -> Tile:
    previous = slice_.previous()
    now = measure(metric, queries.totals(slice_))
    before = measure(metric, queries.totals(previous)).value if previous else None
    return Tile(metric, now, before, change(metric, now.value, before), ())


def _is_known(slice_: Slice) -> bool:
    """Whether anything was decided in the period or done in the last days."""
    sums = queries.totals(slice_)
    return bool(sums["won"] + sums["lost"] or ledgers.activities(slice_)["activities"])


HEADLINE = Panel(
    slug="coaching-kpis",
    title="Headline figures",
    question="What was won of the quota, how often and how fast, and what is done?",
    frame=lambda slice_: tile_frame(tiles(slice_)),
    tiles=tiles,
    columns=TILE_COLUMNS,
    dimensions=KNOWN,
    width="col-12",
    nothing=NOTHING,
)
