"""The outside systems that give rows, how far each was read, and what they said, word by word."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from revops_site.kernel.models.workspace import currency_field


class SourceConnection(models.Model):
    """How to reach a source, and what its own words mean here.

    ``token`` is sealed (``kernel.sealing``) and never shown. ``mapping`` is what an admin has set:
    ``stages`` {id: {probability, expected_days, days_to_invoice, is_execution}}, ``pipelines``
    {id: {name, is_left_out}}, ``users`` {id: rep_id}, ``fields`` {key of a custom field: column of
    deals}.
    """

    source = models.CharField(max_length=40, primary_key=True)
    company = models.CharField(max_length=120, blank=True)
    base_url = models.CharField(max_length=200, blank=True)
    token = models.TextField(blank=True)
    is_enabled = models.BooleanField("enabled", default=True)
    mapping = models.JSONField(default=dict)
    currency = currency_field(blank=True)
    changed_at = models.DateTimeField("last changed", null=True)

    class Meta:
        ordering: ClassVar = ["source"]
        verbose_name = "connection to a source"
        verbose_name_plural = "connections to sources"

    def __str__(self) -> str:
        return f"{self.source} ({self.company or self.base_url})"


class SyncRun(models.Model):
    """One run of a sync, from the moment it was asked for."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting"
        IN_PROGRESS = "in_progress", "Running"
        SUCCESS = "success", "Done"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    source = models.CharField(max_length=40)
    entities: models.JSONField[Any, Any] = models.JSONField(
        null=True, help_text="Those that were asked for; null for all."
    )
    is_full = models.BooleanField("full", default=False)
    is_reconcile = models.BooleanField("reconcile", default=False)
    status = models.CharField(max_length=12, choices=Status, default=Status.QUEUED)
    asked_at = models.DateTimeField("asked for")
    started_at = models.DateTimeField("began", null=True)
    finished_at = models.DateTimeField("ended", null=True)
    requests = models.PositiveIntegerField(default=0)
    records = models.PositiveBigIntegerField("records read", default=0)
    changed = models.PositiveBigIntegerField("rows changed", default=0)
    message = models.TextField(blank=True)
    by = models.ForeignKey("kernel.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["-asked_at"]
        verbose_name = "sync"
        verbose_name_plural = "syncs"
        indexes: ClassVar = [
            models.Index(fields=["source", "-asked_at"], name="kernel_syncrun_newest")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.asked_at:%Y-%m-%d %H:%M} ({self.get_status_display()})"


class SyncState(models.Model):
    """How far one kind of a source's records was read, and how that went last time.

    ``watermark`` is the source's own time: all that it changed before is here. ``cursor`` is where
    a run that was interrupted goes on. ``error_message`` is for those who sell. What is kept now
    gets the number ``version``; the tables hold all up to ``landed``.
    """

    class Status(models.TextChoices):
        SUCCESS = "success", "Done"
        FAILED = "failed", "Failed"
        IN_PROGRESS = "in_progress", "Running"

    source = models.CharField(max_length=40)
    entity_type = models.CharField(max_length=40)
    last_sync_time = models.DateTimeField(null=True)
    last_sync_duration_ms = models.PositiveBigIntegerField(default=0)
    records_synced = models.PositiveBigIntegerField(default=0)
    status = models.CharField(max_length=12, choices=Status, default=Status.SUCCESS)
    error_message = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True)
    watermark = models.DateTimeField(null=True)
    cursor: models.JSONField[Any, Any] = models.JSONField(null=True)
    last_reconciled_at = models.DateTimeField(null=True)
    version = models.BigIntegerField(default=1)
    landed = models.BigIntegerField(default=0)

    pk = models.CompositePrimaryKey("source", "entity_type")

    class Meta:
        verbose_name = "state of a sync"
        verbose_name_plural = "states of syncs"

    def __str__(self) -> str:
        return f"{self.source} {self.entity_type} ({self.get_status_display()})"


class SourceRecord(models.Model):
    """A record as its source gave it, field by field, whatever of it is mapped to columns.

    ``raw`` is its JSON as text: it is kept and mapped whole, which takes ``jsonb`` twice as long.
    ``is_deleted`` is the source's word, or that a whole reading did not find it (``is_gone``).
    Where ``version`` is above what its entity's state has ``landed``, the tables do not hold it as
    it is; ``reading`` is the last whole reading that saw it.
    """

    source = models.CharField(max_length=40)
    entity = models.CharField(max_length=40)
    external_id = models.CharField(max_length=120)
    raw = models.TextField()
    updated_at = models.DateTimeField(null=True)
    is_deleted = models.BooleanField(default=False)
    is_archived = models.BooleanField(default=False)
    is_gone = models.BooleanField(default=False)
    version = models.BigIntegerField(default=1)
    reading = models.BigIntegerField(default=0)

    pk = models.CompositePrimaryKey("external_id", "source", "entity")

    class Meta:
        verbose_name = "record of a source"
        verbose_name_plural = "records of sources"
        indexes: ClassVar = [
            models.Index(fields=["source", "entity", "version"], name="kernel_record_version"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.entity} {self.external_id}"
