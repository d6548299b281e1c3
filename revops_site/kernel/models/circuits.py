"""Which outside servers are left alone for a while, since they failed again and again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Circuit(models.Model):
    """How often an outside server failed in a row, and until when it is left alone.

    ``spent_seconds`` is how long was waited for it in vain since it last answered, or rested.
    """

    name = models.CharField(max_length=40, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    spent_seconds = models.FloatField(default=0)
    open_until = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
