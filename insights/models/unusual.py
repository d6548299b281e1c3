"""Which series were looked at for what is unusual, how they ran, and what patterns were found."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class SeriesScan(models.Model):
    """A series of the company or of a part of it, as it was last looked at.

    ``observed`` and ``expected`` hold a value a day, week or month from ``start`` on, null where
    none is known. ``silent`` says in a word why nothing was looked for: ``few`` points, values too
    ``thin``, or all of them ``flat``.
    """

    series = models.CharField(max_length=40)
    by = models.CharField("dimension", max_length=20, blank=True)
    part = models.CharField(max_length=200, blank=True)
    scoped = models.BooleanField("of reps' rows")
    grain = models.CharField(max_length=5)
    start = models.DateField("from")
    observed = ArrayField(models.FloatField(null=True))
    expected = ArrayField(models.FloatField(null=True))
    method = models.CharField(max_length=6, blank=True)
    silent = models.CharField(max_length=5, blank=True)
    found = models.PositiveIntegerField("anomalies")

    class Meta:
        verbose_name = "scan of a series"
        verbose_name_plural = "scans of series"
        ordering: ClassVar = ["series", "by", "part"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["series", "by", "part"], name="insights_series_scan_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.part}".strip()


class Pattern(models.Model):
    """A break in the trend of a weekly series, or two series that move together.

    Of a break ``since`` is the first week after it, ``before`` and ``after`` the mean week of
    either side, ``effect`` their relative change. Of a relation ``other`` follows ``series`` by
    ``lag`` weeks and ``effect`` is the rank correlation of their weekly changes. ``p`` is of the
    test alone, ``q`` the share of false ones among all patterns that are as sure.
    """

    class Kind(models.TextChoices):
        BREAK = "break", "Trend break"
        RELATION = "relation", "Move together"

    kind = models.CharField(max_length=8, choices=Kind)
    series = models.CharField(max_length=40)
    by = models.CharField("dimension", max_length=20, blank=True)
    part = models.CharField(max_length=200, blank=True)
    scoped = models.BooleanField("of reps' rows")
    other = models.CharField(max_length=40, blank=True)
    lag = models.PositiveSmallIntegerField("weeks between", default=0)
    since = models.DateField(null=True)
    before = models.FloatField(null=True)
    after = models.FloatField(null=True)
    effect = models.FloatField()
    p = models.FloatField()
    q = models.FloatField()
    weeks = models.PositiveIntegerField()
    tests = models.PositiveIntegerField("tests of that kind")

    class Meta:
        ordering: ClassVar = ["kind", "q", "series", "part"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "series", "by", "part", "other"], name="insights_pattern_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.series} {self.part or self.other}".strip()


class ScanRun(models.Model):
    """The newest look at all series: of which state of the data, and what came of it."""

    generation = models.BigIntegerField()
    day = models.DateField()
    finished_at = models.DateTimeField()
    seconds = models.FloatField()
    scanned = models.PositiveIntegerField("series")
    silent = models.PositiveIntegerField("series left out")
    years = models.FloatField("years of series")
    unusual = models.PositiveIntegerField("anomalies")
    tests = models.PositiveIntegerField("tests for patterns")
    patterns = models.PositiveIntegerField()

    class Meta:
        verbose_name = "look at all series"
        verbose_name_plural = "looks at all series"

    def __str__(self) -> str:
        return f"{self.day}: {self.unusual} anomalies in {self.scanned} series"
