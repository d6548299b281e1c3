"""The open deals of one stage that have been in it for about as long."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from urllib.parse import quote

from pipeline import queries
from pipeline.analytics.paths import AGES, age_names
from pipeline.panels.known import OPEN
from pipeline.panels.ledgers import DATASETS
from pipeline.panels.listed import DEALS
from pipeline.queries import ages
from revops_site.kernel.panels import Page


def page(stage: str, bucket: str) -> Page | None:
    """The page of a stage and a bucket of ages; None where there is no such one."""
    names = age_names()
    if bucket not in names:
        return None
    at = names.index(bucket)
    start, end = AGES[at], (*AGES[1:], None)[at]
    said = f"{bucket} days" if end else f"{start} days and more"
    listing = replace(
        DEALS,
        title=f"Open deals in {stage} for {said}",
        question="Open deals of the day, by the days since they entered the stage.",
        rows=partial(ages.of_age, start=start, end=end),
        flags={
            name: flag
            for name, flag in DEALS.flags.items()
            if name in {"past-due", "no-next-step", "no-amount"}
        },
        sort="-days_in_stage",
        totals=None,
    )
    return Page(
        slug=f"waiting-{bucket}",
        title=f"{stage}, {said}",
        url=f"/pipeline/velocity/{quote(stage, safe='')}/{bucket}/",
        panels=(),
        listings=(listing,),
        datasets=DATASETS,
        dimensions=OPEN,
        choices=queries.choices,
        default_period="90d",
        always={"stage": (stage,)},
        dated=False,
    )
