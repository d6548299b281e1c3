"""A deal's notes as they are read for what they say, and what a model read in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models.functions import Left

from pipeline.models import Note, NoteReading
from pipeline.queries.deal.notes import LONGEST, MOST_READ
from revops_site.kernel import clock, llm
from revops_site.kernel.models import Workspace

AGAIN = timedelta(minutes=10)  # until what failed, or got lost, is asked once more


def texts(deal_id: str) -> Sequence[tuple[str, str, datetime]]:
    """Id, text (its first 4,000 signs) and moment of the newest 30 notes, the newest first."""
    rows = Note.objects.filter(deal_id=deal_id).order_by("-created_at", "note_id")
    return list(rows.values_list("note_id", Left("body", LONGEST), "created_at")[:MOST_READ])


def is_on(at: Workspace) -> bool:
    """Whether a model may read notes: one is configured, and the workspace wants it."""
    return at.sends_notes_to_model and llm.is_configured()


def state(deal_id: str, digest: str) -> tuple[str, Sequence[Mapping[str, Any]], datetime | None]:
    """How far the model is with the notes of that digest, what it found, and since when.

    "due": it should be asked; "asked", "made", "failed".
    """
    row = NoteReading.objects.filter(pk=deal_id, digest=digest).first()
    if row is None:
        return "due", (), None
    is_over = row.state != NoteReading.State.MADE and row.at < clock.now() - AGAIN
    return ("due" if is_over else row.state), row.findings, row.at
