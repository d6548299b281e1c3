"""The models side by side, per channel and per campaign, and how credit moves with the months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from insights import charts, metrics
from insights.analytics import attribution as sums
from insights.panels.attribution.known import (
    KNOWN,
    LIMITS,
    NOTHING,
    chain,
    credited,
    notes,
    said,
    totals,
    unit,
)
from insights.queries import attribution as queries
from marketing.analytics.attribution import DEFAULT, UNATTRIBUTED
from pipeline import metrics as deal_metrics
from pipeline import queries as pipeline_queries
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Metric, change, measure
from revops_site.kernel.panels import TILE_COLUMNS, Panel, Shown, Tile, tile_frame

VERDICTS = {sums.DEPENDENT: "Model-dependent", sums.SAME: "Same in all"}
NO_CAMPAIGN = {"": "No campaign"}
DIMENSIONS = (*KNOWN, *LIMITS)


def channels(slice_: Slice) -> pd.DataFrame:
    """Each channel's credit by every model."""
    touched = totals(slice_)[f"touched_{unit(slice_)}"]
    credit = queries.by_channel(slice_)
    return sums.side_by_side(credit, "channel", unit(slice_), chain(slice_), touched)


def campaigns(slice_: Slice) -> pd.DataFrame:
    """Each campaign's credit by every rule; the chain knows channels alone."""
    credit = queries.credit(slice_)
    named = credit[credit["channel"] != UNATTRIBUTED]
    found = sums.side_by_side(named, "campaign", unit(slice_))
    of = named.groupby("campaign")["channel"].agg(lambda every: ", ".join(sorted(set(every))))
    return found.assign(channel=found["campaign"].map(of).astype("str"))


def months(slice_: Slice) -> pd.DataFrame:
    """What the chosen model credits each channel with, month by month."""
    return sums.by_month(queries.by_channel(slice_), slice_.model or DEFAULT, unit(slice_))


def tiles(slice_: Slice) -> Sequence[Tile]:
    """What was won, which part of it after a touch, and after how many."""
    won, found = pipeline_queries.totals(slice_whole(slice_)), totals(slice_)
    if not won["won"]:
        return []
    previous = slice_.previous()
    # No tile weighs a touch by its age, so that the ledger may tell of the days before.
    before = credited(replace(previous, half_life_days=None)) if previous else {}
    earlier = pipeline_queries.totals(slice_whole(previous)) if previous else {}
    return [
        _tile(deal_metrics.WON_VALUE, won, earlier),
        _tile(metrics.BY_VALUE[DEFAULT], found, before),
        _tile(metrics.TOUCHED, found, before),
        _tile(metrics.TOUCHES_A_DEAL, found, before),
    ]


def slice_whole(slice_: Slice) -> Slice:
    """All channels' deals: those of attribution are not the deals' sources."""
    return queries.whole(slice_)


def _tile(metric: Metric, now: Mapping[str, float], before: Mapping[str, float]) -> Tile:
    found = measure(metric, now)
    was = measure(metric, before).value if before else None
    return Tile(metric, found, was, change(metric, found.value, was), ())


def _ends(slice_: Slice) -> Sequence[str]:
    """Which channels hang on the model, and that all models add up to the same."""
    found = channels(slice_)
    if found.empty:
        return notes(slice_)
    torn = found[found["verdict"] == sums.DEPENDENT]
    total = said(float(found["u_shaped"].sum()), slice_)
    lines = [] if slice_.channel or slice_.campaign else [f"Every model adds up to {total}."]
    if len(torn):
        most = torn.sort_values("spread", ascending=False).iloc[0]
        lines.append(
            f"{len(torn)} of {len(found)} channels change their rank with the model, "
            f"{most['channel']} by the most: {said(most['low'], slice_)} to "
            f"{said(most['high'], slice_)}."
        )
    return [*lines, *notes(slice_)]


def columns(by: str, label: str, in_deals: bool) -> tuple[Shown, ...]:
    """The columns of the models, in money or in deals."""
    rules = metrics.BY_DEALS if in_deals else metrics.BY_VALUE
    show = "decimal1" if in_deals else "money"
    of_chain = metrics.MARKOV_DEALS if in_deals else metrics.MARKOV
    is_channel = by == "channel"
    return (
        Shown(by, label, drill=by if is_channel else "", words={} if is_channel else NO_CAMPAIGN),
        *(() if is_channel else (Shown("channel", "Channel", filed=True),)),
        *(
            Shown(name, sums.MODELS[name], show, help=metric.meaning, metric=metric)
            for name, metric in rules.items()
        ),
        Shown(
            "markov",
            "Markov",
            show,
            help=of_chain.meaning,
            metric=of_chain,
            filed=not is_channel,
        ),
        Shown("low", "Lowest", show, filed=True),
        Shown("high", "Highest", show, filed=True),
        Shown("spread", "Spread", show, help="Between the lowest and the highest model."),
        Shown("share_low", "Share from", "percent", filed=True),
        Shown("share_high", "Share to", "percent", filed=True),
        Shown(
            "verdict",
            "Rank",
            words=VERDICTS,
            tone={sums.DEPENDENT: "warn"},
            help="Model-dependent: the rank is not the same in every model.",
        ),
    )


def _of(name: str) -> Any:
    return lambda row: {name: (row[name],)}


def panels(in_deals: bool) -> tuple[Panel, ...]:
    """The page's panels, in money or in deals."""
    money = "" if in_deals else "money"
    what = "deals" if in_deals else "value"
    return (
        Panel(
            slug="attribution-kpis",
            title="Headline figures",
            question="What was won, and what of it after a touch?",
            frame=lambda slice_: tile_frame(tiles(slice_)),
            tiles=tiles,
            columns=TILE_COLUMNS,
            dimensions=KNOWN,
            width="col-12",
            nothing=NOTHING,
        ),
        Panel(
            slug="attribution-spread",
            title="How far are the models apart?",
            question=f"Credited {what} of each channel: U-shaped, first, last and Markov, and the "
            "range of all seven.",
            frame=channels,
            figure=charts.models,
            columns=columns("channel", "Channel", in_deals),
            dimensions=KNOWN,
            width="col-6",
            unit=money,
            narrows=_of("channel"),
            nothing=NOTHING,
        ),
        Panel(
            slug="attribution-months",
            title="How does credit move?",
            question="By the month of the win and the chosen model, U-shaped where none is chosen.",
            frame=months,
            figure=charts.months,
            columns=(
                Shown("month", "Month from", "date"),
                Shown("channel", "Channel"),
                Shown("credit", "Credit", "decimal1" if in_deals else "money"),
                Shown("share", "Share", "percent", help="Of the month's credit."),
            ),
            dimensions=KNOWN,
            width="col-6",
            unit=money,
            most=24,
            nothing=NOTHING,
        ),
        Panel(
            slug="attribution-models",
            title="Which channel earned what was won?",
            question=f"Credited {what} by each model; a cell leads to the rows behind it.",
            frame=channels,
            columns=columns("channel", "Channel", in_deals),
            dimensions=KNOWN,
            width="col-12",
            unit=money,
            sort="-u_shaped",
            note=_ends,
            narrows=_of("channel"),
            nothing=NOTHING,
        ),
    )


def campaign_panels(in_deals: bool) -> tuple[Panel, ...]:
    """The campaigns' own page, in money or in deals."""
    what = "deals" if in_deals else "value"
    return (
        Panel(
            slug="attribution-campaigns",
            title="Which campaign earned it?",
            question=f"Credited {what} by each rule; what no touch counts for is left out.",
            frame=campaigns,
            columns=columns("campaign", "Campaign", in_deals),
            dimensions=KNOWN,
            width="col-12",
            unit="" if in_deals else "money",
            sort="-u_shaped",
            narrows=_of("campaign"),
            most=40,
            nothing=NOTHING,
        ),
    )
