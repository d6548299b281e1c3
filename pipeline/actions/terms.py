"""Sets what the lists of a pipeline go by."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q

from pipeline.models import PipelineTerms, Stage
from pipeline.queries.terms import lines
from revops_site.kernel import freshness


@transaction.atomic
def keep(pipeline_id: str, **given: Any) -> PipelineTerms:
    """Give a pipeline these terms, the others as they are; pages show them at once.

    ``given`` are fields of ``PipelineTerms``.
    """
    found, _ = PipelineTerms.objects.update_or_create(pipeline_id=pipeline_id, defaults=given)
    freshness.bump()
    return found


def strangers(found: PipelineTerms) -> list[str]:
    """The stages that these terms name and that the pipeline does not have."""
    of_it = Q(pipeline_id=found.pipeline_id) | Q(pipeline_id=None)
    known = set(Stage.objects.filter(of_it).values_list("stage_name", flat=True))
    named = (*lines(found.order_stages), *lines(found.production_stages))
    return [name for name in dict.fromkeys(named) if name not in known]
