"""What programs asked: their answers by the keys they named, and how much of late."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import UniqueConstraint


class KeptAnswer(models.Model):
    """What was answered to a post with a key of its program's, so that it is done but once.

    ``asked`` is the SHA-256 of what was sent, by which the same is told from something else under
    the same key. Without a token it was a login in a browser.
    """

    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    token = models.ForeignKey(
        "kernel.ApiToken", null=True, on_delete=models.CASCADE, related_name="+"
    )
    key = models.CharField(max_length=200)
    asked = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=100)
    body = models.BinaryField()
    kept_at = models.DateTimeField("kept")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            UniqueConstraint(
                fields=["user", "token", "key"],
                nulls_distinct=False,
                name="insights_answer_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.status})"


class AskedMinute(models.Model):
    """How often a program, or a login in a browser, asked within its newest minute."""

    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    token = models.ForeignKey(
        "kernel.ApiToken", null=True, on_delete=models.CASCADE, related_name="+"
    )
    minute = models.DateTimeField()
    asked = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-minute"]
        constraints: ClassVar = [
            UniqueConstraint(
                fields=["user", "token"], nulls_distinct=False, name="insights_minute_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked} in the minute of {self.minute:%Y-%m-%d %H:%M}"
