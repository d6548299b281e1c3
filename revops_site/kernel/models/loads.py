"""What every loaded row carries, and the record of each load: what came in, what was refused."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from revops_site.kernel import clock


class Loaded(models.Model):
    """What every row that came through a load carries: when it came, when it changed, from where.

    ``load`` is no foreign key of the database: to check it for every row, at the commit, would
    cost a load a fifth of its time, and loads are never deleted. It is null for what the product
    made by itself, such as a rep that only a deal has named so far.
    """

    row_created_at = models.DateTimeField("first loaded", default=clock.now, editable=False)
    row_updated_at = models.DateTimeField("last changed", default=clock.now, editable=False)
    load = models.ForeignKey(
        "kernel.DataLoad",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        editable=False,
        verbose_name="source load",
    )

    class Meta:
        abstract = True


class DataLoad(models.Model):
    """One file of one run, or one edit: what came in, what was refused, what changed."""

    class Status(models.TextChoices):
        LOADED = "loaded", "Loaded"
        UNCHANGED = "unchanged", "Already loaded"
        REFUSED = "refused", "Refused"
        UNDONE = "undone", "Undone"

    class Kind(models.TextChoices):
        FILE = "file", "File"
        GENERATED = "generated", "Generated"
        EDIT = "edit", "Edit"
        SYNC = "sync", "Sync"
        APP = "app", "The product"

    dataset = models.CharField(max_length=60)
    run = models.UUIDField(help_text="Files of one run were loaded in one transaction.")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.FILE)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the file's bytes.")
    profile_sha256 = models.CharField(
        max_length=64, blank=True, help_text="Of the profile and layout that the file was read by."
    )
    status = models.CharField(max_length=10, choices=Status)
    message = models.TextField(blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    rows = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    inserted = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    deleted = models.BigIntegerField(default=0)
    warnings = models.JSONField(default=dict, help_text="Kind of warning → number of rows.")
    dropped = models.JSONField(
        default=dict, help_text="Why rows were left out on purpose → rows, and the first lines."
    )
    made = models.JSONField(
        default=dict, help_text="Kind of people → ids of those that the rows named first."
    )
    appended = models.JSONField(
        default=list, help_text="Sheets that were read one after another → lines before each."
    )
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    loaded_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["dataset", "-id"], name="kernel_dataload_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(rows=models.F("accepted") + models.F("refused")),
                name="kernel_dataload_every_row_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} from {self.file_name} ({self.get_status_display()})"

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.finished_at - self.started_at).total_seconds()


class FormerRow(models.Model):
    """A row as it was before its dataset's newest load changed it: what undoing puts back."""

    load = models.ForeignKey(
        DataLoad, on_delete=models.CASCADE, db_constraint=False, related_name="former_rows"
    )
    row = models.JSONField()

    class Meta:
        verbose_name = "former row"

    def __str__(self) -> str:
        return f"a row before load {self.load_id}"


class RejectedRow(models.Model):
    """A data row that was refused: where it stood, what it held, why it was refused."""

    load = models.ForeignKey(DataLoad, on_delete=models.CASCADE, related_name="rejected_rows")
    line = models.BigIntegerField()
    column = models.CharField(max_length=80, blank=True)
    value = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300)

    class Meta:
        verbose_name = "refused row"
        ordering: ClassVar = ["load", "line", "id"]

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"
