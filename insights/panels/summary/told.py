"""What happened in a domain, a sentence a figure, and why those moved that moved most."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd

from insights.analytics import summary as sums
from insights.analytics import why as parts
from insights.analytics.summary import Figure
from insights.panels import book
from insights.panels.summary.words import worded
from insights.panels.why import Number, Question, numbers
from marketing import panels as marketing
from pipeline import panels as pipeline
from revenue import panels as revenue
from revops_site.kernel import explain, formats, freshness, llm
from revops_site.kernel.filters import DIMENSIONS, Filters, Slice
from revops_site.kernel.panels import Page, Panel, Shown
from revops_site.kernel.queries import generation, workspace

# Each domain with what it is told by.
DOMAINS: tuple[tuple[Page, str, tuple[str, ...]], ...] = (
    (
        revenue.PAGE,
        "What happened to recurring revenue, and why?",
        ("revenue-mrr", "revenue-net-new", "revenue-nrr", "revenue-churn-rate"),
    ),
    (
        pipeline.PAGE,
        "What was won and created, and why?",
        (
            *("pipeline-won-amount", "pipeline-attainment", "pipeline-win-rate"),
            *("pipeline-created-amount", "pipeline-total"),
        ),
    ),
    (
        marketing.PAGE,
        "What was spent, what did it bring, and why?",
        ("marketing-spend", "marketing-leads", "marketing-opportunities", "marketing-cac"),
    ),
)
KNOWN = ("segment", "region", "team", "owner")  # what most of them can be narrowed by
COLUMNS = (
    Shown(
        *("said", "What happened", "told"),
        to="explained",
        prose=True,
        help="Each leads to its formula and rows.",
    ),
    Shown(
        "verdict",
        "So",
        words={"better": "Better", "worse": "Worse", "same": "The same"},
        tone={"better": "good", "worse": "bad"},
        help="By what the figure is to be: more of it, or less.",
    ),
    Shown(
        "why",
        "Why",
        "told",
        to="reasoned",
        prose=True,
        help="What explains most of the change, of those figures that moved most.",
    ),
    Shown("days", "Days"),
    Shown("metric", "Figure", filed=True),
    Shown("value", "Value", "decimal", filed=True),
    Shown("previous", "Compared period", "decimal", filed=True),
    Shown("change", "Change", "decimal", filed=True),
)
NAMES = tuple(one.name for one in COLUMNS)


def asked_of(slice_: Slice) -> Filters:
    """The filters that say the same as a slice whatever comes later: its days by their dates."""
    narrowed = {name: getattr(slice_, name) for name in DIMENSIONS}
    if slice_.period is None or not slice_.period.days:
        return Filters(period="all", as_of=slice_.as_of, **narrowed)
    first, last = slice_.period.start, slice_.period.last_day
    return Filters(period="custom", start=first, end=last, as_of=slice_.as_of, **narrowed)


def figures(slice_: Slice, slugs: Sequence[str]) -> list[tuple[Number, Figure]]:
    """The figures of these metrics that the slice's filters can be applied to."""
    known = [found for slug in slugs if (found := book.number(slug)) is not None]
    return [
        (one, _figure(one, slice_))
        for one in known
        if _is_loaded(one) and not slice_.not_applied(one.ledger.dimensions)
    ]


def frame(slice_: Slice, slugs: Sequence[str]) -> pd.DataFrame:
    """A row a figure: ``COLUMNS``, and the addresses ``explained`` and ``reasoned``."""
    found = figures(slice_, slugs)
    if all(figure.now is None for _, figure in found):
        found = []
    moved = sums.strongest([figure for _, figure in found])
    query = asked_of(slice_).to_query()
    rows = []
    for one, figure in found:
        is_strong = one.metric.slug in moved
        why = _why(one, figure, slice_) if is_strong else ""
        reasoned = _reasoned(one, slice_, query) if why else ""
        rows.append(
            {
                "said": sums.sentence(figure, slice_.currency),
                "verdict": figure.verdict,
                "why": why or sums.unknown(figure),
                "days": figure.days,
                "metric": one.metric.field,
                "value": figure.now,
                "previous": figure.before,
                "change": figure.change,
                "explained": explain.address(one.metric, query),
                "reasoned": reasoned,
            }
        )
    others = worded([str(one["said"]) for one in rows])
    rows = [{**one, "said": others.get(str(one["said"])) or one["said"]} for one in rows]
    made = pd.DataFrame(rows, columns=[*NAMES, "explained", "reasoned"], dtype="object")
    return made.astype(dict.fromkeys(("value", "previous", "change"), "float64"))


def sentences(slice_: Slice, slugs: Sequence[str]) -> list[str]:
    """What moved, as the template says it: what else is said, nobody has to say otherwise."""
    return _moved([figure for _, figure in figures(slice_, slugs)], slice_.currency)


def notes(slice_: Slice, slugs: Sequence[str]) -> Sequence[str]:
    """How many are better and worse, against which days, and who worded it."""
    found = [figure for _, figure in figures(slice_, slugs)]
    counted = sums.lede(found)
    before = slice_.previous()
    said = []
    if counted and before is not None and before.period is not None:
        first, last = (formats.show(one, "date") for one in (before.period.start, before.as_of))
        said = [f"{counted} Held against {first} to {last}."]
    count = sum(map(bool, worded(_moved(found, slice_.currency)).values()))
    if count:
        many = "One sentence is" if count == 1 else f"{count} sentences are"
        said.append(f"{many} worded by model: {llm.name()}; their numbers are those of ours.")
    return said


def _moved(found: Sequence[Figure], currency: str) -> list[str]:
    return [sums.sentence(one, currency) for one in found if one.has_moved]


def _is_loaded(one: Number) -> bool:
    return not freshness.of(one.ledger.datasets, workspace()).is_empty


def _figure(one: Number, slice_: Slice) -> Figure:
    now = explain.measured(one.ledger, one.metric, slice_, generation()).value
    before, is_compared = slice_.previous(), False
    was = None
    if before is not None:
        first = freshness.of(one.ledger.datasets, workspace()).first_day
        began = before.period.start if one.ledger.dated and before.period else before.as_of
        is_compared = first is not None and first <= began
        if is_compared:
            was = explain.measured(one.ledger, one.metric, before, generation()).value
    return Figure(one.metric, now, was, numbers.window(one.ledger, slice_), is_compared)


def _why(one: Number, figure: Figure, slice_: Slice) -> str:
    """What explains most of the change; "" where nothing can be taken apart."""
    told = numbers.told(Question(one), slice_)
    story = told.by("")
    if story is None or figure.now is None or figure.before is None:
        return ""
    found = parts.contributions(story, numbers.words(one))
    moved = figure.now - figure.before
    causes = parts.causes(one.metric, moved, found, slice_.currency)
    return f"{causes[:1].upper()}{causes[1:]}." if causes else ""


def _reasoned(one: Number, slice_: Slice, query: str) -> str:
    """Where the change is taken apart, held against the very days of the summary."""
    before = slice_.previous()
    if before is None or before.period is None:
        return ""
    first, last = before.period.start, before.period.last_day
    return f"/why/{one.metric.slug}/?{query}&against_start={first}&against_end={last}"


def _panel(page: Page, question: str, slugs: tuple[str, ...]) -> Panel:
    ledgers = [found.ledger for slug in slugs if (found := book.number(slug)) is not None]
    return Panel(
        slug=f"summary-{page.slug}",
        title=page.title,
        question=question,
        frame=partial(frame, slugs=slugs),
        columns=COLUMNS,
        dimensions=tuple(name for name in KNOWN if any(name in one.dimensions for one in ledgers)),
        note=partial(notes, slugs=slugs),
        datasets=page.datasets,
        width="col-12",
    )


SLUGS = {f"summary-{page.slug}": slugs for page, _, slugs in DOMAINS}
PANELS = tuple(_panel(*one) for one in DOMAINS)
