"""How good past forecasts were, method by method, and what the newest trial decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from revops_site.kernel.models import currency_field


class Backtest(models.Model):
    """A trial of all methods on closed quarters, and the method that is used since.

    ``cells`` and ``early`` are the counts that chances are learned from, each with the quarter
    that it ended in, so that no day learns from a later one; ``calibration`` holds what was said
    beside what happened. ``quarters`` counts the closed quarters that were forecast.
    """

    as_of = models.DateField("as of")
    made_at = models.DateTimeField("made")
    generation = models.BigIntegerField()
    currency = currency_field()
    quarters = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=2)
    reason = models.CharField(max_length=200)
    interval_inflation = models.FloatField()
    shown_coverage = models.FloatField(null=True)
    cells = models.JSONField()
    early = models.JSONField()
    calibration = models.JSONField()

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = "back-test"

    def __str__(self) -> str:
        return f"Back-test as of {self.as_of}"


class BacktestScore(models.Model):
    """A method's scores over some weeks of all quarters; null where the method gives no range."""

    backtest = models.ForeignKey(Backtest, on_delete=models.CASCADE, related_name="scores")
    method = models.CharField(max_length=20)
    weeks = models.CharField(max_length=5)
    n = models.PositiveIntegerField()
    mape = models.FloatField(null=True)
    wape = models.FloatField(null=True)
    bias = models.FloatField(null=True)
    pinball_10 = models.FloatField(null=True)
    pinball_50 = models.FloatField(null=True)
    pinball_90 = models.FloatField(null=True)
    coverage_80 = models.FloatField(null=True)
    interval_inflation = models.FloatField(null=True)
    skill_vs_baseline = models.FloatField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        verbose_name = "score of a back-test"
        verbose_name_plural = "scores of back-tests"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["backtest", "method", "weeks"], name="pipeline_score_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method}, weeks {self.weeks}"


class BacktestRow(models.Model):
    """What a method would have said in a week of a closed quarter, beside what the quarter won."""

    backtest = models.ForeignKey(Backtest, on_delete=models.CASCADE, related_name="rows")
    quarter = models.CharField(max_length=20)
    week_number = models.PositiveSmallIntegerField()
    snapshot_date = models.DateField("day")
    method = models.CharField(max_length=20)
    forecast = models.FloatField(null=True)
    q10 = models.FloatField(null=True)
    q90 = models.FloatField(null=True)
    actual = models.FloatField()

    class Meta:
        ordering: ClassVar = ["backtest", "snapshot_date", "method"]
        verbose_name = "forecast of a back-test"
        verbose_name_plural = "forecasts of back-tests"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["backtest", "snapshot_date", "method"], name="pipeline_trial_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} on {self.snapshot_date}"
