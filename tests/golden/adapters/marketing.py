"""Marketing's worked examples: a file of rows through the loader, the queries and the sums."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
import pandas as pd

from insights.catalog import DATASETS
from marketing import analytics, queries
from marketing.datasets import MARKETING_CHANNELS
from revops_site.kernel import freshness, loading
from revops_site.kernel.exports import Sheet, to_json
from revops_site.kernel.filters import DIMENSIONS, Allowed, Filters, Slice, narrow
from tests.golden.adapters.kernel import save_rates
from tests.golden.files import Golden

DATASET = "marketing_channels"
SINGLE = ("start", "end")
EARLIEST, LATEST = "1900-01-01", "2199-12-31"  # where an example leaves one end open


def marketing_kpis(golden: Golden) -> dict[str, Any]:
    """Every measure by its field name."""
    measured = analytics.kpis(queries.mix(_loaded(golden)))
    return {field: one.value for field, one in measured.items()}


def channel_performance(golden: Golden) -> dict[str, Any]:
    """The channels' rows."""
    return {"channels": _rows(analytics.channel_performance(queries.mix(_loaded(golden))))}


def funnel_breakdown(golden: Golden) -> dict[str, Any]:
    """The stages' rows."""
    return {"funnel": _rows(analytics.funnel_breakdown(queries.mix(_loaded(golden))))}


def trend_timeseries(golden: Golden) -> dict[str, Any]:
    """The weeks' rows."""
    slice_ = _loaded(golden)
    weeks = queries.weeks(slice_)
    return {"weeks": _rows(analytics.trend_timeseries(weeks, slice_.period, slice_.as_of))}


def _loaded(golden: Golden) -> Slice:
    """The example's rows in their table, and the part of them that its settings ask for."""
    save_rates(golden.input.get("fx_rates", ()))
    _load(golden.input["marketing_daily"])
    return _slice(golden.settings)


def _load(rows: Sequence[Mapping[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{DATASET}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            promised = [column.title for column in MARKETING_CHANNELS.columns if column.required]
            given = [name for row in rows for name in row]
            writer = csv.DictWriter(file, list(dict.fromkeys([*promised, *given])))
            writer.writeheader()
            writer.writerows(rows)
        report = loading.load([path], DATASETS, dataset=DATASET, strict=True)
    if report.stopped:
        cells = [f"line {row.line}, {row.column}: {row.reason}" for row in report.files[0].sample]
        raise ValueError("; ".join(cells) or report.files[0].message)


def _slice(settings: Mapping[str, Any]) -> Slice:
    """What the settings ask for, all of it known: the data reach to the day they are as of."""
    query = dict(_choices(settings.get("filters") or {}))
    if query.keys() & set(SINGLE):
        query = {"start": EARLIEST, "end": LATEST, **query}
    if settings.get("as_of"):
        query["as_of"] = settings["as_of"]
    asked = Filters.parse(urlencode(query, doseq=True))
    if asked.notices:
        raise ValueError(" ".join(asked.notices))
    at = freshness.workspace()
    last_day = freshness.of([DATASET], at).last_day or date.min
    named_end = asked.end if query.get("end") != LATEST else None
    known_to = asked.as_of or max(last_day, named_end or last_day)
    return narrow(
        asked,
        Allowed(),
        known_to,
        first_month=at.fiscal_year_start_month,
        currency=at.reporting_currency,
    )


def _choices(filters: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """An example's filters in the words of an address: ``channels`` there is ``channel`` here."""
    for name, value in filters.items():
        word = name if name in {*SINGLE, *DIMENSIONS} else name.removesuffix("s")
        if word not in {*SINGLE, *DIMENSIONS}:
            raise ValueError(f"No filter is called {name}.")
        if value:
            yield word, value


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame as the product's own files have it."""
    rows: list[dict[str, Any]] = orjson.loads(to_json(Sheet("", frame, {})))["rows"]
    return rows


ADAPTERS: Mapping[str, Callable[[Golden], Any]] = {
    "marketing_kpis": marketing_kpis,
    "channel_performance": channel_performance,
    "funnel_breakdown": funnel_breakdown,
    "trend_timeseries": trend_timeseries,
}
