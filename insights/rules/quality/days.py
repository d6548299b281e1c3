"""Rows of days that have not come yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from insights import datasets as insights_data
from insights.queries.quality import EVERYTHING, Check
from insights.rules.quality.naming import naming, words
from marketing import datasets as marketing_data
from pipeline import datasets as pipeline_data
from revenue import datasets as revenue_data
from revops_site.kernel.datasets import Dataset

# Months that are worked out from subscriptions reach as far as the data: they are no cause.
GIVEN: Mapping[str, str] = {"customer_mrr": "it.origin = 'file'"}


def _later(dataset: Dataset, day: str) -> str:
    """SQL that holds where a day of a row lies after today."""
    is_moment = dataset.column(day).kind == "instant"
    return f"it.{day} >= %(tomorrow)s" if is_moment else f"it.{day} > %(today)s"


def future(datasets: Iterable[Dataset]) -> tuple[Check, ...]:
    """A check for each dataset that has days."""
    return tuple(
        Check(
            slug=f"future-{one.name.replace('_', '-')}",
            label=f"{words(one)} from the future",
            meaning=f"{' or '.join(one.days)} lies after today. No page shows it before that day "
            "has come.",
            severity="wrong",
            dataset=one,
            among=GIVEN.get(one.name, EVERYTHING),
            finds=" OR ".join(_later(one, day) for day in one.days),
            columns=tuple(dict.fromkeys((*naming(one), *one.days))),
        )
        for one in datasets
        if one.days
    )


FUTURE = future(
    (
        *insights_data.DATASETS,
        *marketing_data.DATASETS,
        *pipeline_data.DATASETS,
        *revenue_data.DATASETS,
    )
)
