"""What deals can be narrowed by and held against: stages, owners' names, yardsticks, choices."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd
from django.db.models import Min

from pipeline.models import DealFlowDay, OpenDealStock, Pipeline, Stage
from revops_site.kernel.freshness import remembered
from revops_site.kernel.models import Benchmark, Rep
from revops_site.kernel.queries import lasting, to_frame

CHOICES = {"segment": "segment", "region": "region", "channel": "source_channel"}


@lasting
def stages(pipelines: Collection[str]) -> pd.DataFrame:
    """The stages that open deals go through, of some pipelines or of all, in their order.

    Columns ``stage_name`` (text), ``stage_order`` (int): the smallest where several pipelines have
    a stage of that name.
    """
    rows = Stage.objects.filter(is_closed=False)
    if pipelines:
        rows = rows.filter(pipeline_id__in=pipelines)
    rows_ = rows.values("stage_name").annotate(place=Min("stage_order"))
    found = rows_.order_by("place", "stage_name").values_list("stage_name", "place")
    return to_frame(found, {"stage_name": "str", "stage_order": "int64"})


def owners() -> Mapping[str, str]:
    """The name of each rep by id."""
    return {rep_id: name for rep_id, name, _ in _reps()}


def active_owners() -> frozenset[str]:
    """The ids of the reps that a filter can name."""
    return frozenset(rep_id for rep_id, _, is_active in _reps() if is_active)


@lasting
def yardsticks(metric_type: str) -> pd.DataFrame:
    """The target and range of one type of benchmark per segment.

    Columns ``segment`` (text), ``target_value``, ``min_value``, ``max_value`` (float, NaN where
    not given).
    """
    numbers = dict.fromkeys(("target_value", "min_value", "max_value"), "float64")
    found = Benchmark.objects.filter(metric_type=metric_type).order_by("benchmark_id")
    rows = found.values_list("category", *numbers)
    return to_frame(rows, {"segment": "str", **numbers}).drop_duplicates("segment")


def choices(generation: int) -> Mapping[str, Mapping[str, str]]:
    """What each filter that the pipeline knows can be set to, value → label."""
    return remembered(f"pipeline-choices:{generation}", _choices)


@lasting
def _reps() -> list[tuple[str, str, bool]]:
    return list(Rep.objects.values_list("rep_id", "name", "is_active"))


def _choices() -> dict[str, dict[str, str]]:
    found = {name: _plain(column) for name, column in CHOICES.items()}
    names = dict(Pipeline.objects.values_list("pipeline_id", "pipeline_name"))
    found["pipeline"] = {one: names.get(one, one) for one in {**names, **_plain("pipeline_id")}}
    places = list(stages(())["stage_name"])
    others = OpenDealStock.objects.exclude(stage_name__in=places).order_by("stage_name")
    places += others.values_list("stage_name", flat=True).distinct()
    found["stage"] = {name: name for name in places}
    return found


def _plain(column: str) -> dict[str, str]:
    values = DealFlowDay.objects.order_by(column).values_list(column, flat=True).distinct()
    return {str(value): str(value) for value in values if value}
