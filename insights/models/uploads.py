"""Files that somebody sends through the browser, and how such files are mapped."""

from __future__ import annotations

from typing import ClassVar
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import models
from django.db.models.functions import Lower

LONGEST_NAME = 60


class Upload(models.Model):
    """A file that was sent, from its first look to its import; the bytes lie under their hash.

    ``profile`` is the mapping as TOML. ``found`` is what a look at the file told, ``checked`` what
    the check by this mapping told, ``report`` what the import did. ``attempt`` counts what the
    background was asked for: only the newest asking is done. While it works ``beat_at`` moves.
    ``beside`` are the second files that the mapping looks up in: what it calls one → its own
    ``name``, ``size`` and ``sha256``. ``bytes_deleted_at`` is empty while the bytes are kept.
    """

    class State(models.TextChoices):
        READY = "ready", "Not imported yet"
        CHECKING = "checking", "Being checked"
        WAITING = "waiting", "Waiting for import"
        IMPORTING = "importing", "Being imported"
        DONE = "done", "Imported"
        FAILED = "failed", "Not imported"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"

    BUSY = (State.CHECKING, State.WAITING, State.IMPORTING, State.UNDOING)

    uploaded_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    uploaded_at = models.DateTimeField("uploaded")
    file_name = models.CharField("file", max_length=200)
    size = models.BigIntegerField(help_text="In bytes.")
    sha256 = models.CharField(max_length=64, help_text="Of the file's bytes.")
    bytes_deleted_at = models.DateTimeField("file deleted", null=True)
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    profile = models.TextField("mapping")
    beside = models.JSONField("second files", default=dict)
    found = models.JSONField(default=dict)
    checked = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    message = models.TextField(blank=True)
    asked_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    attempt = models.PositiveIntegerField(default=0)
    beat_at = models.DateTimeField("last sign of work", null=True)
    progress = models.JSONField(default=dict)
    load = models.ForeignKey(
        "kernel.DataLoad", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"upload {self.pk}: {self.file_name}"

    def run(self, attempt: int) -> UUID:
        """The run of the loader that an attempt at an import is: it tells its loads from others."""
        return uuid5(
            NAMESPACE_OID, f"upload {self.pk} of {self.uploaded_at.timestamp()}: {attempt}"
        )

    @property
    def runs(self) -> list[UUID]:
        """The runs of all attempts so far."""
        return [self.run(attempt) for attempt in range(1, self.attempt + 1)]


class SavedProfile(models.Model):
    """A mapping under a name, for files of the same making; all who load data share it."""

    name = models.CharField(max_length=LONGEST_NAME)
    dataset = models.CharField(max_length=60)
    toml = models.TextField("mapping")
    beside = models.JSONField("second files", default=dict)
    owner = models.ForeignKey("kernel.User", null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField("changed")

    class Meta:
        verbose_name = "saved mapping"
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="insights_profile_name"),
        ]

    def __str__(self) -> str:
        return self.name
