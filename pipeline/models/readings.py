"""What a language model read in the notes of deals."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class NoteReading(models.Model):
    """What a language model last found in a deal's notes, or that it was asked and did not answer.

    It counts for these very notes, this model and this way of asking (``digest``). Of a note it
    holds where the words stand, not the words.
    """

    class State(models.TextChoices):
        ASKED = "asked", "Asked"
        MADE = "made", "Made"
        FAILED = "failed", "Failed"

    deal_id = models.CharField("deal", max_length=120, primary_key=True)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=6, choices=State)
    at = models.DateTimeField()
    model = models.CharField(max_length=120)
    why = models.CharField(max_length=20, blank=True)
    findings = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["deal_id"]
        indexes: ClassVar = [models.Index(fields=["at"], name="pipeline_reading_at")]

    def __str__(self) -> str:
        return self.deal_id
