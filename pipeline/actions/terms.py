"""Sets what the lists of a pipeline go by."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from pipeline.models import PipelineTerms
from revops_site.kernel import freshness


@transaction.atomic
def keep(pipeline_id: str, **given: Any) -> PipelineTerms:
    """Give a pipeline these terms, the others as they are; pages show them at once.

    ``given`` are fields of ``PipelineTerms``.
    """
    found, _ = PipelineTerms.objects.update_or_create(pipeline_id=pipeline_id, defaults=given)
    freshness.bump()
    return found
