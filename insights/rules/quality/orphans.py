"""Rows that point at nothing: each reference of a dataset is a check, also between domains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from insights import datasets as insights_data
from insights.queries.quality import Check
from insights.rules.quality.naming import naming, words
from marketing import datasets as marketing_data
from pipeline import datasets as pipeline_data
from revenue import datasets as revenue_data
from revops_site.kernel.datasets import Dataset, Reference

DEAL = Reference("deal_id", "pipeline.Deal", "deal_id", "name an unknown deal")
# Strangers know nothing of each other: where they meet is known here alone.
BETWEEN_DOMAINS: Mapping[str, tuple[Reference, ...]] = {
    "touchpoints": (DEAL,),
    "revenue_customers": (DEAL,),
}
POINTS_AT_NOTHING = """NOT EXISTS (
    SELECT FROM {{{parents}}} AS parent WHERE parent.{to} = it.{column}
)"""


def orphans(datasets: Iterable[Dataset]) -> tuple[Check, ...]:
    """A check for each reference of these datasets to another one of them."""
    by_model = {one.model: one for one in datasets}
    return tuple(
        _orphans(one, reference, by_model[reference.model])
        for one in by_model.values()
        for reference in (*one.references, *BETWEEN_DOMAINS.get(one.name, ()))
    )


def _orphans(dataset: Dataset, reference: Reference, parents: Dataset) -> Check:
    column = reference.column
    named = dataset.name.replace("_", "-")
    return Check(
        slug=f"orphans-{named}-{column.removesuffix('_id')}",
        label=f"{words(dataset)} that {reference.says}",
        meaning=f"Their {column} is in no row of {parents.name}: no figure that goes by it counts "
        f"them. Load the missing {parents.name}, or correct {column}.",
        severity="missing",
        dataset=dataset,
        among=f"it.{column} <> ''",
        finds=POINTS_AT_NOTHING.format(parents=parents.name, to=reference.to, column=column),
        columns=tuple(dict.fromkeys((*naming(dataset), column, *dataset.days[:1]))),
        needs=(parents,),
    )


ORPHANS = orphans(
    (
        *insights_data.DATASETS,
        *marketing_data.DATASETS,
        *pipeline_data.DATASETS,
        *revenue_data.DATASETS,
    )
)
