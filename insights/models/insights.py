"""What the rules found, day by day, for the whole company."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class InsightDay(models.Model):
    """An insight as it stood on a day: the newest of that day, in the words that were shown.

    ``rule`` and ``subject`` tell one from another; those of the days before are never touched.
    ``as_of`` is the last day of the data it was computed from, ``generation`` their state;
    ``data_hash`` changes with any number, parameter or version that went in.
    """

    day = models.DateField()
    rule = models.CharField(max_length=40)
    subject = models.CharField(max_length=300)
    version = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=20)
    severity = models.CharField(max_length=10)
    headline = models.TextField()
    explanation = models.TextField()
    action = models.TextField("suggested action")
    evidence = models.TextField("address of the evidence")
    value = models.FloatField()
    threshold = models.FloatField()
    n = models.BigIntegerField("sample")
    confidence = models.FloatField()
    money = models.FloatField("money at stake", null=True)
    currency = models.CharField(max_length=3)
    parameters = models.JSONField()
    operands = models.JSONField()
    data_hash = models.CharField(max_length=32)
    as_of = models.DateField()
    generation = models.BigIntegerField()
    found_at = models.DateTimeField("found")

    class Meta:
        verbose_name = "insight"
        ordering: ClassVar = ["-day", "rule", "subject"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "rule", "subject"], name="insights_insight_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.rule}: {self.subject}"
