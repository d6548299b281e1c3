"""What a language model answered, kept for all processes: the worker asks, pages read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ModelAnswer(models.Model):
    """An answer by what was asked; ``said`` is None until it is there.

    ``key`` tells what was asked from anything else. Of ``said`` nothing is shown unchecked.
    """

    key = models.CharField(max_length=64, primary_key=True)
    asked_at = models.DateTimeField("asked")
    kept_at = models.DateTimeField("kept", null=True)
    said = models.JSONField(null=True)

    class Meta:
        ordering: ClassVar = ["key"]

    def __str__(self) -> str:
        return self.key
