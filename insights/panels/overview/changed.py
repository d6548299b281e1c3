"""What changed since Monday: on the overview its largest parts, on a page of its own all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import pandas as pd
from django.db.models import Q

from insights.panels.overview.figures import KNOWN, since_monday
from pipeline import panels as pipeline
from pipeline import queries
from pipeline.panels import bridge
from pipeline.queries import changes
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.freshness import remembered
from revops_site.kernel.listings import Flag, Listing
from revops_site.kernel.panels import Page, Panel, Shown

MOST = 12
# A closed deal has left its stages.
KNOWN_TO_DEALS = tuple(name for name in pipeline.PAGE.dimensions if name != "stage")
GOOD, BAD = ("won", "grown", "pulled", "created"), ("lost", "shrunk", "pushed")
TONES = {**dict.fromkeys(GOOD, "good"), **dict.fromkeys(BAD, "bad")}
MEANINGS = {
    "created": "Deals created in the period.",
    "won": "Deals won in the period.",
    "lost": "Deals lost in the period.",
    "grown": "The amount was raised.",
    "shrunk": "The amount was lowered.",
    "pushed": "The expected close was moved to a later day.",
    "pulled": "The expected close was moved to an earlier day.",
    "moved": "The deal entered another stage that is open.",
}
AMOUNT = (
    "What was won, lost or created, or what the amount changed by; else what the deal is worth "
    "today. In the reporting currency."
)


def _columns(of: str) -> tuple[Shown, ...]:
    """The columns of the table of that slug, from whose deals one steps on to the next."""
    return (
        Shown("kind", "What", words=changes.KINDS, tone=TONES),
        Shown("name_of_deal", "Deal", link="/pipeline/deals/{id_of_deal}/", steps=of),
        Shown("told", "How", "told", help="Old → new; of a lost deal why."),
        Shown("size", "Amount", "money", help=AMOUNT),
        Shown("whose", "Owner", link="/reps/{id_of_owner}/"),
        Shown("day", "Day", "date"),
    )


def since(slice_: Slice) -> Slice:
    """The slice from the Monday before its day on."""
    return replace(slice_, period=since_monday(slice_), compare=None)


def largest(slice_: Slice) -> pd.DataFrame:
    """What moved the most money since Monday."""
    return changes.largest(since(slice_), MOST)


def notes(slice_: Slice) -> Sequence[str]:
    """How much of each kind there was."""
    found = changes.counts(since(slice_))
    parts = [
        f"{found[kind]:,} {word.lower()}" for kind, word in changes.KINDS.items() if found.get(kind)
    ]
    first = since_monday(slice_).start
    return [
        f"Since {first:%A}, {formats.show(first, 'date')}: {', '.join(parts)}.",
        *bridge.summary(since(slice_)),
    ]


def address(slice_: Slice, kept: str, generation: int) -> tuple[str, int]:
    """Where all of it is listed, and how much that is."""
    asked, query = since(slice_), _query(slice_, kept)
    key = f"changes:{asked.cache_key}:{generation}"
    return f"/changes/?{query}", remembered(key, lambda: sum(changes.counts(asked).values()))


def bridged(slice_: Slice, kept: str) -> str:
    """Where it is told what all of it did to the open pipeline."""
    return f"{bridge.PAGE.address}?{_query(slice_, kept)}"


def _query(slice_: Slice, kept: str) -> str:
    window = since_monday(slice_)
    dates = f"period=custom&start={window.start}&end={window.last_day}"
    return "&".join(filter(None, [dates, kept]))


CHANGED = Panel(
    slug="changed",
    title="What changed since last Monday?",
    question="The largest amounts first.",
    frame=largest,
    columns=_columns("changed"),
    dimensions=KNOWN,
    unit="money",
    width="col-12",
    note=notes,
)


def _total(slice_: Slice) -> Mapping[str, int]:
    return {"rows": sum(changes.counts(slice_).values())}


ALL = Listing(
    slug="changes",
    title="All changes",
    question="Deals created, won and lost, and what of them was changed; a quick filter has one "
    "kind alone.",
    rows=changes.everything,
    columns=(
        *_columns("changes"),
        Shown("name_of_account", "Account", link="/accounts/{id_of_account}/"),
        Shown("id_of_deal", "Id"),
    ),
    key=("day", "id_of_deal", "kind", "told"),
    sort="-size",
    hidden=("name_of_account", "id_of_deal"),
    flags={
        kind: Flag(word, Q(), MEANINGS[kind], partial(changes.of, kind=kind))
        for kind, word in changes.KINDS.items()
    },
    dimensions=KNOWN_TO_DEALS,
    unit="money",
    noun="changes",
    totals=_total,
)
PAGE = Page(
    slug="changes",
    title="What changed",
    panels=(),
    listings=(ALL,),
    datasets=pipeline.PAGE.datasets,
    dimensions=KNOWN_TO_DEALS,
    choices=lambda generation: {
        name: values
        for name, values in queries.choices(generation).items()
        if name in KNOWN_TO_DEALS
    },
    default_period="30d",
)
