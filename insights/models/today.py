"""What a reader has done with what waited for them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class TodayMark(models.Model):
    """A deal that no longer waits for somebody, for one reason: done, or put off ``until`` a day.

    It holds as long as the reason is the same, which began on ``since``: a deal that was touched
    and is left alone again waits anew.
    """

    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    deal_id = models.CharField("deal", max_length=120)
    kind = models.CharField(max_length=10)
    since = models.DateField()
    until = models.DateField(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "mark of the day"
        verbose_name_plural = "marks of the day"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "deal_id", "kind"], name="insights_today_mark_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.deal_id}"
