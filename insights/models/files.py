"""Files that are made in the background for somebody: reports, workbooks, long tables."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class MadeFile(models.Model):
    """A file that somebody asked for, from the asking to the bytes, which lie under their hash.

    ``address`` is the state of the product that it shows, path and query; ``part`` the long table
    of that page that it is, "" for the whole. ``reps`` are those whose rows may be in it, null for
    everybody's: who may not see all of them is not shown the file. ``pages`` counts the pictures of
    a printed one, ``headlines`` are its first figures: label, value, change. While it is made
    ``beat_at`` moves and ``progress`` tells how far. Of a file that is over, ``expires_at`` says
    when its bytes go, and ``deleted_at`` that they went.
    """

    class Kind(models.TextChoices):
        REPORT = "report", "Report"
        WORKBOOK = "workbook", "Workbook"
        TABLE = "table", "Table"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        MAKING = "making", "Being made"
        DONE = "done", "Ready"
        FAILED = "failed", "Not made"

    BUSY = (State.WAITING, State.MAKING)

    owner = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=200)
    address = models.TextField()
    part = models.CharField(max_length=60, blank=True)
    suffix = models.CharField("format", max_length=4)
    asked_at = models.DateTimeField("asked")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    progress = models.JSONField(default=dict)
    beat_at = models.DateTimeField("last sign of work", null=True)
    message = models.TextField(blank=True)
    file_name = models.CharField("file", max_length=200, blank=True)
    size = models.BigIntegerField(default=0, help_text="In bytes.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the file's bytes.")
    pages = models.PositiveIntegerField(default=0)
    as_of = models.DateField(null=True)
    said = models.TextField("filters", blank=True)
    reps = models.JSONField("whose rows", null=True)
    generation = models.BigIntegerField(default=0)
    headlines = models.JSONField(default=list)
    ended_at = models.DateTimeField("ready", null=True)
    seen_at = models.DateTimeField("seen by who asked", null=True)
    expires_at = models.DateTimeField("kept until", null=True)
    deleted_at = models.DateTimeField("file deleted", null=True)

    class Meta:
        verbose_name = "made file"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["owner", "state"], name="insights_file_of"),
            models.Index(fields=["kind", "-id"], name="insights_file_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.suffix.upper()})"
