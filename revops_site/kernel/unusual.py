"""What of the worker's findings in series a reader may see, has asked for, and finds marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar
from urllib.parse import urlencode

import pandas as pd
from django.db.models import Model, Q, QuerySet

from revops_site.kernel import formats
from revops_site.kernel.filters import DIMENSIONS, Slice
from revops_site.kernel.frames import array
from revops_site.kernel.models import Anomaly, Rep, Team
from revops_site.kernel.panels import Shown
from revops_site.kernel.queries import shared

M = TypeVar("M", bound=Model)
Named = Mapping[str, tuple[str, str]]
OF_PARTS = ("channel", "region", "segment", "team")
ADDRESS = "/insights/anomalies/"
ROWS = "#listing-anomalies"
MARKED = Shown(
    "unusual",
    "Unusual",
    help="What its trend and its season do not explain; leads to the anomaly.",
    to="unusual_at",
)


def seen(rows: QuerySet[M], slice_: Slice) -> QuerySet[M]:
    """Those of rows with ``scoped``, ``by`` and ``part`` that this reader may see.

    What is of reps' rows is seen by who sees everybody's, and of a team by who sees all of it.
    """
    if slice_.reps is None:
        return rows
    return rows.filter(Q(scoped=False) | Q(by="team", part__in=_teams(slice_.reps)))


def asked(rows: QuerySet[M], slice_: Slice) -> QuerySet[M]:
    """Of these, those of the parts that were asked for; all of them where none was."""
    chosen = {name: getattr(slice_, name) for name in OF_PARTS if getattr(slice_, name)}
    if not chosen:
        return rows
    parts = Q()
    for name, values in chosen.items():
        parts |= Q(by=name, part__in=values)
    return rows.filter(parts)


def marked(frame: pd.DataFrame, slice_: Slice, named: Named, first: str, last: str) -> pd.DataFrame:
    """The frame with what was unusual from day ``first`` to day ``last`` of each row.

    ``unusual`` says it in words, None where nothing was, and ``unusual_in`` of which series, set
    apart by spaces; ``unusual_at`` is where the anomaly itself is listed. ``named`` gives the label
    and the format of each series that the frame shows. A week is told where it begins.
    """
    found = [one for one in of_slice(slice_) if one.series in named]
    own = [
        [one for one in found if begin <= one.start <= end]
        for begin, end in zip(_days(frame[first]), _days(frame[last]), strict=True)
    ]
    words = [
        "; ".join(told(one, *named[one.series], slice_.currency) for one in some) or None
        for some in own
    ]
    said: dict[str, list[str | None]] = {
        "unusual": words,
        "unusual_in": [" ".join(dict.fromkeys(one.series for one in some)) for some in own],
        "unusual_at": [address(some) if some else "" for some in own],
    }
    return frame.assign(**{name: array(column, "str") for name, column in said.items()})


def _days(values: pd.Series[pd.Timestamp]) -> list[date]:
    return [pd.Timestamp(one).date() for one in values.tolist()]


@shared
def of_slice(slice_: Slice) -> tuple[Anomaly, ...]:
    """All anomalies of what a chart of this slice shows, as known on its day."""
    rows = of_chart(Anomaly.objects.filter(end__lte=slice_.as_of), slice_)
    return tuple(rows.order_by("start", "series"))


def of_chart(rows: QuerySet[M], slice_: Slice) -> QuerySet[M]:
    """Those of rows with ``scoped``, ``by`` and ``part`` that a chart of this slice is of.

    A chart of more than one filter, or of reps that are no whole team, is of no series that is
    looked at.
    """
    chosen = [(name, getattr(slice_, name)) for name in DIMENSIONS if getattr(slice_, name)]
    found = seen(rows, slice_)
    if not chosen:
        return found.filter(by="") if slice_.reps is None else _own(found, slice_.reps)
    if len(chosen) > 1 or len(chosen[0][1]) > 1:
        return found.none()
    by, (part,) = chosen[0]
    found = found.filter(by=by, part=part)
    return found if slice_.reps is None or by == "team" else found.filter(scoped=False)


def _own(rows: QuerySet[M], reps: Iterable[str]) -> QuerySet[M]:
    """What a page without filters shows to who sees some reps: the company's, or their team's."""
    mine = tuple(reps)
    teams = set(Rep.objects.filter(rep_id__in=mine).values_list("team__name", flat=True))
    team = teams.pop() if len(teams) == 1 else None
    return rows.filter(Q(scoped=False, by="") | Q(scoped=True, by="team", part=team or ""))


def _teams(reps: Iterable[str]) -> list[str]:
    """The teams all of whose reps are among these."""
    mine = tuple(reps)
    strange = Rep.objects.exclude(rep_id__in=mine).exclude(team=None).values("team_id")
    found = Team.objects.filter(reps__rep_id__in=mine).exclude(pk__in=strange).distinct()
    return list(found.order_by("name").values_list("name", flat=True))


def told(one: Anomaly, label: str, show: str, currency: str) -> str:
    """What was unusual, in words."""
    values = (formats.show(value, show, currency) for value in (one.observed, one.expected))
    observed, expected = map(formats.screen, values)
    day = formats.show(one.start, "date")
    when = {"day": f"on {day}", "week": f"in the week from {day}", "month": f"in {day[-8:]}"}
    return f"{label} {when[one.grain]}: {observed}, {expected} expected"


def address(own: Sequence[Anomaly]) -> str:
    """Where exactly these are listed: their days, their part, and the series where it is one."""
    start, end = min(one.start for one in own), max(one.end for one in own)
    pairs = [("period", "custom"), ("start", start.isoformat()), ("end", end.isoformat())]
    first = own[0]
    pairs += [(first.by, first.part)] if first.by else [("flag", "whole")]
    if len({one.series for one in own}) == 1:
        pairs.append(("flag", first.series))
    return f"{ADDRESS}?{urlencode(pairs)}{ROWS}"
