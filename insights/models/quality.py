"""How many rows each check of the data's quality found, day by day."""

from __future__ import annotations

from django.db import models


class QualityCount(models.Model):
    """What a check found on a day: the newest count of that day; ``total`` is what it looked at.

    ``generation`` tells of which state of the data it is.
    """

    check_slug = models.CharField("check", max_length=80)
    day = models.DateField()
    found = models.BigIntegerField()
    total = models.BigIntegerField()
    generation = models.BigIntegerField()
    counted_at = models.DateTimeField("counted")

    pk = models.CompositePrimaryKey("check_slug", "day")

    class Meta:
        verbose_name = "quality count"

    def __str__(self) -> str:
        return f"{self.check_slug} {self.day}: {self.found}"
