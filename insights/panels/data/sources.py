"""How new each dataset is: its last day, its rows, its newest load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse

from insights.panels.data.loads import by_whom, refused
from insights.panels.data.look import Look, Part, part
from insights.panels.data.tables import Column, Row, ordered, table, unknown
from insights.queries.ages import Age, Rows, ages
from revops_site.kernel import formats, periods
from revops_site.kernel.fragments.tables import Cell

if TYPE_CHECKING:
    from revops_site.kernel.datasets import Dataset

SLUG = "data-sources"
STATES: Mapping[str, tuple[str, str, str]] = {
    "future": ("In the future", "bad", "bad"),
    "stale": ("Stale", "warn", "warn"),
    "fresh": ("Up to date", "good", "ok"),
    "loaded": ("Loaded", "good", "ok"),
    "never": ("Never loaded", "muted", "empty"),
}
RANKS = {state: rank for rank, state in enumerate(STATES)}


class Source(NamedTuple):
    """A dataset's age as it is judged: ``days`` since its last day, None where it has no day."""

    dataset: Dataset
    age: Age
    state: str
    days: int | None


COLUMNS = (
    Column("source", "Dataset", key=lambda one: one.dataset.name),
    Column("state", "State", key=lambda one: RANKS[one.state]),
    Column("last_day", "Last day of data", largest_first=True, key=lambda one: one.age.last_day),
    Column("age", "Days old", numeric=True, key=lambda one: one.days),
    Column("rows", "Rows", numeric=True, key=lambda one: one.age.rows.count),
    Column("loaded", "Newest load", largest_first=True, key=lambda one: one.age.loaded_at),
    Column(
        "turned_away",
        "Refused in it",
        numeric=True,
        key=lambda one: one.age.newest.refused if one.age.newest else None,
    ),
)


def sources(look: Look, datasets: Sequence[Dataset]) -> Sequence[Source]:
    """Each dataset with its state."""
    known = ages(datasets, look.workspace)
    return [_judged(look, one, known[one.name]) for one in datasets]


def the_sources(look: Look, datasets: Sequence[Dataset]) -> Part:
    """How new each dataset is, in the order that they are loaded in."""
    limit = look.workspace.stale_after_days
    return part(
        look,
        SLUG,
        "How new are the data?",
        lambda: _made(look, datasets),
        subtitle=f"Data whose last day is more than {limit} days ago are stale.",
    )


def _made(look: Look, datasets: Sequence[Dataset]) -> Part:
    found = ordered(look, COLUMNS, sources(look, datasets))
    says = f"The age of {len(found)} datasets."
    rows = [_row(look, one) for one in found]
    return {"table": table(look, SLUG, says, COLUMNS, rows), "announce": says}


def _judged(look: Look, dataset: Dataset, age: Age) -> Source:
    if age.newest is None:
        return Source(dataset, age, "never", None)
    if age.last_day is None:
        is_ahead = bool(dataset.days and age.rows.count)  # no row of a day that has come
        return Source(dataset, age, "future" if is_ahead else "loaded", None)
    if not dataset.days:  # a sync knows until when, whatever it brought
        return Source(dataset, age, "loaded", None)
    days = (look.today - _reach(dataset, age.last_day, look.today)).days
    if days < 0:
        return Source(dataset, age, "future", days)
    is_stale = days > look.workspace.stale_after_days
    return Source(dataset, age, "stale" if is_stale else "fresh", days)


def _reach(dataset: Dataset, last_day: date, today: date) -> date:
    """The last day that the data tell of: a month does of its last one, or of today."""
    if dataset.column(dataset.days[0]).kind != "month" or last_day > today:
        return last_day
    return min(today, periods.month(last_day).end - timedelta(days=1))


def _row(look: Look, one: Source) -> Row:
    age, name = one.age, one.dataset.name
    word, tone, icon = STATES[one.state]
    file = f"manage.py ingest {name}.csv"
    return [
        Cell(name, href=reverse("insights:dataset", args=[name])),
        Cell(word, tone=tone, icon=icon, more=file if one.state == "never" else ""),
        _day(age.last_day),
        unknown(numeric=True)
        if one.days is None
        else Cell(formats.screen(f"{one.days:,}"), numeric=True),
        Cell(_count(age.rows), numeric=True),
        look.moment(age.loaded_at, more=by_whom(age.newest) if age.newest else ""),
        refused(age.newest) if age.newest else unknown(numeric=True),
    ]


def _day(day: date | None) -> Cell:
    return unknown() if day is None else Cell(formats.show(day, "date"), iso=day.isoformat())


def _count(rows: Rows) -> str:
    return f"{rows.count:,}" if rows.is_exact else f"about {round(rows.count, -3):,}"
