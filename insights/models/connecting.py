"""What is tried of an outside system before it is loaded, and who may tell us that it changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SourceTrial(models.Model):
    """A look at a source by its settings of the moment, of which no row comes into the tables.

    A test asks whose it is and what can be mapped; a dry run reads some of everything, too, and
    tries to load it. ``found`` is what it told, ``message`` why it could not. ``stamp`` is when the
    settings that it used were last changed.
    """

    class Kind(models.TextChoices):
        TEST = "test", "Test of the connection"
        DRY = "dry", "Dry run"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    BUSY = (State.WAITING, State.RUNNING)

    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=4, choices=Kind)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField("asked for")
    asked_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    beat_at = models.DateTimeField("last sign of work", null=True)
    stamp = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)
    found = models.JSONField(default=dict)

    class Meta:
        verbose_name = "trial of a source"
        verbose_name_plural = "trials of sources"
        indexes: ClassVar = [models.Index(fields=["source", "-id"], name="insights_trial_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.source} ({self.get_state_display()})"


class SourceHook(models.Model):
    """The address at which a source tells that something changed in it; its secret as a hash."""

    source = models.CharField(max_length=40, primary_key=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the secret.")
    made_at = models.DateTimeField("made")
    made_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    heard_at = models.DateTimeField("last heard", null=True)

    class Meta:
        verbose_name = "hook of a source"
        verbose_name_plural = "hooks of sources"

    def __str__(self) -> str:
        return f"hook of {self.source}"
