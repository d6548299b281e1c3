"""Keeps what the checks of the data's quality found."""

from __future__ import annotations

from django.db import transaction

from insights.models import QualityCount
from insights.queries.quality import Counts


@transaction.atomic
def keep_counts(*, counts: Counts) -> None:
    """Keep these counts as those of their day, in place of what was counted earlier on it.

    What a check found earlier on the day goes too where it has nothing to say any more.
    """
    QualityCount.objects.filter(day=counts.day).delete()
    QualityCount.objects.bulk_create(
        QualityCount(
            check_slug=slug,
            day=counts.day,
            found=count.found,
            total=count.total,
            generation=counts.generation,
            counted_at=counts.at,
        )
        for slug, count in counts.by_slug.items()
    )
