"""What became of each backup: the record that tells whether the last night's one is good."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class BackupRun(models.Model):
    """One try to make a backup, and whether it was restored and found equal.

    ``name`` is its folder's; ``bytes`` is its size with the files that it shares with others;
    ``problem`` says in words why it is not good, and is empty of a good one. Retention takes
    ``is_there`` away, not the row.
    """

    name = models.CharField(max_length=40, blank=True)
    began_at = models.DateTimeField("began")
    made_at = models.DateTimeField("made", null=True)
    seconds = models.FloatField(default=0)
    bytes = models.BigIntegerField("size", default=0)
    tables = models.PositiveIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    verified_at = models.DateTimeField("verified", null=True)
    verify_seconds = models.FloatField(default=0)
    problem = models.TextField(blank=True)
    is_there = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["-began_at"], name="kernel_backup_began")]

    def __str__(self) -> str:
        return self.name or f"{self.began_at:%Y-%m-%d %H:%M}"
