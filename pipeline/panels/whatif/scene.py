"""A quarter twice: as it stands, and as it would be with what a reader assumes."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.analytics import assumed, whatif
from pipeline.analytics.assumed import MOST, Assumed, Entries, Problem
from pipeline.analytics.reckoned import Reckoned, Taught
from pipeline.panels import forecasts
from pipeline.panels.whatif.asked import Asked, merged
from pipeline.queries import forecast, scenarios
from revops_site.kernel.filters import Slice

UNSEEN = (
    "Something is assumed of deals that are no longer open, or not yours to see: it counts nowhere."
)
OUTSIDE = "Something is assumed of deals that these filters leave out: it does not count here."
TOO_MANY = f"At most {MOST} deals can be changed at once; only the first {MOST} count."


@dataclass(frozen=True)
class Scene:
    """Both forecasts of a slice, the deals behind them, and what could not be taken.

    ``entries`` are the assumptions as given, ``assumed`` as meant; ``before`` and ``after`` the
    open deals with their chances, ``stand`` the texts of each deal's fields as it stands.
    """

    slice_: Slice
    entries: Entries
    assumed: Mapping[str, Assumed]
    before: pd.DataFrame
    after: pd.DataFrame
    stands: Reckoned
    found: Reckoned
    stand: Mapping[str, Mapping[str, str]]
    problems: Sequence[Problem]
    notices: Sequence[str]

    @property
    def changes(self) -> pd.DataFrame:
        """What becomes of each deal that something is assumed of."""
        return whatif.differences(self.before, self.after, self.assumed)


def scene(slice_: Slice, asked: Asked, searched: Collection[str] = ()) -> Scene:
    """The quarter of the slice with what is asked; ``searched`` deals are among them too."""
    taught = Taught(**forecast.taught(slice_))
    wanted = {*asked.entries, *(line.deal_id for line in asked.lines), *searched}
    deals = _deals(slice_, wanted)
    before = forecasts.scored(slice_, deals, taught)
    stand = _texts(before)
    entries, notices = _settled(slice_, asked, stand)
    meant, problems = assumed.meant(entries, slice_.as_of)
    after = whatif.scored(
        *(deals, meant, slice_.as_of, slice_.first_month, taught, slice_.quarter),
        is_over=forecasts.is_over(slice_),
    )
    return Scene(
        slice_=slice_,
        entries=entries,
        assumed=meant,
        before=before,
        after=after,
        stands=forecasts.reckon(slice_),
        found=forecasts.reckon_of(slice_, after, taught),
        stand=stand,
        problems=problems,
        notices=[*asked.notices, *notices],
    )


def _deals(slice_: Slice, wanted: Collection[str]) -> pd.DataFrame:
    """This quarter's and the next one's open deals, and those wanted of other days."""
    near = scenarios.base(slice_)
    far = sorted(set(wanted) - set(near["deal_id"]))
    if not far:
        return near
    more = scenarios.some(slice_, tuple(far))
    return pd.concat([near, more], ignore_index=True) if len(more) else near


def _settled(
    slice_: Slice, asked: Asked, stand: Mapping[str, Mapping[str, str]]
) -> tuple[Entries, list[str]]:
    """What is assumed of deals that the reader may see, and what is to be said of the rest."""
    others = [deal for deal in asked.entries if deal not in stand]
    elsewhere = scenarios.open_elsewhere(slice_, others)
    known = assumed.among(asked.entries, {*stand, *elsewhere})
    found = merged(known, asked.lines, stand)
    strange = any(line.deal_id not in stand for line in asked.lines)
    notices = [
        *([UNSEEN] if strange or len(known) < len(asked.entries) else []),
        *([OUTSIDE] if elsewhere else []),
        *([TOO_MANY] if len(found) > MOST else []),
    ]
    return dict(list(found.items())[:MOST]), notices


def _texts(deals: pd.DataFrame) -> Mapping[str, Mapping[str, str]]:
    """The texts of each deal's fields as it stands, "" for what is not known."""
    columns = (deals[name].tolist() for name in ("deal_id", "amount", "close_date"))
    return {
        deal: {"amount": _amount(amount), "close": _day(day), "chance": ""}
        for deal, amount, day in zip(*columns, strict=True)
    }


def _amount(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.2f}".removesuffix(".00")


def _day(value: pd.Timestamp) -> str:
    return "" if pd.isna(value) else f"{value:%Y-%m-%d}"
