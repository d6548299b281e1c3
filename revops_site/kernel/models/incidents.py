"""What ops look into: statements that took long, and faults of ours."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Incident(models.Model):
    """A slow statement or a fault, with the request that it belongs to and no values of rows.

    ``route`` is the name of an address, never the address; ``text`` is SQL without its literals,
    or the kind of the error and the line that raised it.
    """

    class Kind(models.TextChoices):
        SLOW = "slow", "Slow statement"
        FAULT = "fault", "Fault"

    kind = models.CharField(max_length=5, choices=Kind)
    at = models.DateTimeField()
    route = models.CharField(max_length=120)
    method = models.CharField(max_length=10)
    request_id = models.CharField(max_length=64, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)
    text = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "-at"], name="kernel_incident_newest")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.route}"
