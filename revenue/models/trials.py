"""How good past forecasts of MRR were, method by method, and what the newest trial decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from revops_site.kernel.models import currency_field


class MrrTrial(models.Model):
    """A trial of all methods on months that are over, and the method that is used since.

    ``widened_80`` and ``widened_95`` are how many times the method's ranges have to be widened so
    that they would have held what they promise, ``held_80`` and ``held_95`` what ranges would have
    held that are widened as the other months say; ``months`` counts the ones forecast from.
    """

    as_of = models.DateField("as of")
    made_at = models.DateTimeField("made")
    generation = models.BigIntegerField()
    currency = currency_field()
    months = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=20)
    reason = models.CharField(max_length=300)
    widened_80 = models.FloatField()
    widened_95 = models.FloatField()
    held_80 = models.FloatField(null=True)
    held_95 = models.FloatField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = "trial of MRR forecasts"
        verbose_name_plural = "trials of MRR forecasts"

    def __str__(self) -> str:
        return f"Trial as of {self.as_of}"


class MrrTrialScore(models.Model):
    """A method's errors at so many months ahead, 0 for all of them; null where nothing is known."""

    trial = models.ForeignKey(MrrTrial, on_delete=models.CASCADE, related_name="scores")
    method = models.CharField(max_length=20)
    horizon = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField()
    wape = models.FloatField(null=True)
    bias = models.FloatField(null=True)
    coverage_80 = models.FloatField(null=True)
    coverage_95 = models.FloatField(null=True)
    skill_vs_baseline = models.FloatField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        verbose_name = "score of an MRR forecast"
        verbose_name_plural = "scores of MRR forecasts"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["trial", "method", "horizon"], name="revenue_score_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method}, {self.horizon} months ahead"


class MrrTrialRow(models.Model):
    """What a method would have said of a month, so many months before, beside what came."""

    trial = models.ForeignKey(MrrTrial, on_delete=models.CASCADE, related_name="rows")
    origin = models.DateField()
    horizon = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=20)
    forecast = models.FloatField()
    low_80 = models.FloatField()
    high_80 = models.FloatField()
    low_95 = models.FloatField()
    high_95 = models.FloatField()
    actual = models.FloatField()

    class Meta:
        ordering: ClassVar = ["trial", "origin", "horizon", "method"]
        verbose_name = "tried MRR forecast"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["trial", "origin", "horizon", "method"], name="revenue_trial_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} from {self.origin:%Y-%m}, {self.horizon} months ahead"
