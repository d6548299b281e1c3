"""A question's numbers by group: those of its dimension, or those that are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from insights.analytics import why
from insights.analytics.asking import Question
from insights.charts import asked as charts
from insights.panels.asking.known import grouped_by, is_of, is_parted
from insights.panels.why import Number
from insights.panels.why.numbers import words
from revops_site.kernel import filterform, formats
from revops_site.kernel.charts import Figure
from revops_site.kernel.filters import Slice
from revops_site.kernel.frames import listed
from revops_site.kernel.metrics import Metric, column
from revops_site.kernel.panels import Panel, Shown
from revops_site.kernel.parted import GROUP
from revops_site.kernel.queries import workspace

SLUG = "groups"
LABEL = "label"
SAMPLE = "n"


def panel(question: Question, number: Number, metrics: tuple[Metric, ...]) -> Panel:
    """The groups of a question as a panel; one of the number's own page where it has them."""
    if not is_parted(number.metric, number.parted):
        own = existing(question.by, number)
        if own is not None:
            return own
    first = metrics[0]
    name = filterform.LABELS[question.by]

    def narrows(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return {question.by: (row[GROUP],)} if row[GROUP] else None

    return Panel(
        slug=SLUG,
        title=f"{first.label} by {name.lower()}",
        question=f"{first.meaning} The largest first." if not _ends(question) else first.meaning,
        frame=lambda slice_: ordered(question, number, metrics, slice_),
        columns=(
            Shown(LABEL, name, drill=question.by),
            *(Shown(one.field, one.label, one.exact, metric=one) for one in metrics),
            Shown(SAMPLE, "n", "integer", help="How many it rests on."),
        ),
        dimensions=number.ledger.dimensions,
        figure=partial(_figure, first),
        width="col-12",
        height="tall",
        narrows=narrows,
        about=repr((question.said, first.slug)),
        note=lambda slice_: _note(question, number, metrics, slice_),
        most=60,
    )


def existing(dimension: str, number: Number) -> Panel | None:
    """The panel of the number's page that tells it by a dimension."""
    found = (
        one
        for one in number.page.panels
        if grouped_by(one, number.ledger, number.metric) == dimension
    )
    one = next(found, None)
    return None if one is None else replace(one, width="col-12")


def rows(
    question: Question, number: Number, metrics: tuple[Metric, ...], slice_: Slice
) -> pd.DataFrame:
    """A row a group, the largest first: ``group``, ``label`` (text) and the numbers by field."""
    if number.parted is None or not is_parted(number.metric, number.parted):
        return _of_panel(question, number, slice_)
    found = number.parted.read(slice_).get(question.by)
    fields = [one.field for one in metrics]
    if found is None or found.empty:
        return pd.DataFrame(columns=[GROUP, LABEL, *fields, SAMPLE])
    known = words(number)
    labels = [known.group(question.by, code) for code in listed(found[GROUP])]
    made = pd.DataFrame(
        {
            GROUP: found[GROUP].astype("str").to_numpy(),
            LABEL: [one[:1].upper() + one[1:] for one in labels],
            **{one.field: column(one, found).to_numpy() for one in metrics},
            SAMPLE: _sample(number, found),
        }
    )
    chosen = getattr(slice_, question.by, ())
    if chosen:
        made = made[made[GROUP].isin(chosen)]
    is_low = question.verb == "bottom"
    made = made.sort_values(fields[0], ascending=is_low, kind="stable", na_position="last")
    return made.reset_index(drop=True)


def _sample(number: Number, found: pd.DataFrame) -> pd.Series[float]:
    """How many each group rests on; NaN where nobody knows."""
    names = why.sample_of(number.metric.formula, number.source, set(found.columns))
    if not names:
        return pd.Series(float("nan"), index=found.index)
    return found[names].astype("float64").sum(axis=1)


def ordered(
    question: Question, number: Number, metrics: tuple[Metric, ...], slice_: Slice
) -> pd.DataFrame:
    """The same, of those alone that were asked for."""
    found = rows(question, number, metrics, slice_)
    return found.head(question.most) if _ends(question) else found


def _of_panel(question: Question, number: Number, slice_: Slice) -> pd.DataFrame:
    metric = number.metric
    own = existing(question.by, number)
    if own is None:
        return pd.DataFrame(columns=[GROUP, LABEL, metric.field])
    frame = own.frame(slice_)
    name = next(one.name for one in own.columns if is_of(one, metric))
    label = own.columns[0]
    made = pd.DataFrame(
        {
            GROUP: frame[label.name].astype("str").to_numpy(),
            LABEL: [label.words.get(one, one) for one in frame[label.name].astype("str")],
            metric.field: frame[name].astype("float64").to_numpy(),
        }
    )
    is_low = question.verb == "bottom"
    return made.sort_values(metric.field, ascending=is_low, kind="stable", na_position="last")


def _ends(question: Question) -> bool:
    return question.verb in {"top", "bottom"} and question.most > 0


def _figure(metric: Metric, found: pd.DataFrame) -> Figure:
    currency = workspace().reporting_currency

    def said(value: float) -> str:
        return formats.screen(formats.show(value, metric.show, currency=currency))

    return charts.ranked(found, metric.field, metric.label, said)


def _note(
    question: Question, number: Number, metrics: tuple[Metric, ...], slice_: Slice
) -> list[str]:
    """How many groups there are where some alone are shown."""
    if not _ends(question):
        return []
    many = len(rows(question, number, metrics, slice_))
    return [f"{question.most} of {many} are shown."] if many > question.most else []
