"""What all that is written on a deal has in common: who may, in which turn, and what is logged."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from pipeline.datasets import PIPELINE_DEALS
from pipeline.models import Deal, DealChange
from pipeline.queries.deal import steps
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading import rows
from revops_site.kernel.models import DataLoad, User

LONGEST_LOGGED = 300


class RefusedError(ValueError):
    """Why nothing was written, in a sentence for who asked."""


class ConflictError(RefusedError):
    """Somebody else was there first: what a form was opened on is no longer so."""


def held(by: User, deal_id: str, *datasets: Dataset) -> Deal:
    """The deal, while nobody else writes these datasets until the transaction ends.

    RefusedError where it is not there, or not this person's to write on.
    """
    for dataset in sorted(datasets, key=lambda one: one.name):
        try:
            rows.hold(dataset)
        except rows.BusyError as busy:
            raise RefusedError(str(busy)) from busy
    deal = Deal.objects.filter(pk=deal_id, is_deleted=False).first()
    if deal is None:
        raise RefusedError("This deal is no longer there.")
    if not steps.may_work(by, deal):
        raise RefusedError("You may read this deal, but not write on it.")
    return deal


def log(deal_id: str, field: str, old: str, new: str, at: datetime, load_id: int | None) -> None:
    """Add a row to the deal's log of changes, beside those that loads write."""
    DealChange.objects.create(
        key=uuid.uuid4(),
        deal_id=deal_id,
        field=field,
        old=old[:LONGEST_LOGGED],
        new=new[:LONGEST_LOGGED],
        changed_at=at,
        source="edit",
        load_id=load_id,
        row_created_at=at,
        row_updated_at=at,
    )


def reload(deal: Deal, called: str, by: User) -> int:
    """Load a deal as it is: what of it follows from work done here is reckoned anew; the load."""
    texts = rows.texts(PIPELINE_DEALS, [deal])
    rows.put(PIPELINE_DEALS, texts, kind="app", source=called, by=by)
    return newest_load(PIPELINE_DEALS)


def newest_load(dataset: Dataset) -> int:
    """The load that has just written rows of a dataset; the data reach no farther by it.

    What somebody writes today says nothing of how far files and syncs have come.
    """
    load = DataLoad.objects.filter(dataset=dataset.name).latest("id")
    DataLoad.objects.filter(pk=load.pk).update(first_day=None, last_day=None)
    return load.pk


def review_day(text: str) -> date | None:
    """The day on which a pinned note is to be looked at again, as it was typed; None for none."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise RefusedError("Give a day for the review, such as 2026-03-31, or none.") from None


def line(text: str, longest: int, noun: str) -> str:
    """A text on one line without what has no shape; RefusedError where it is too long or empty."""
    found = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return _fitting(found, longest, noun)


def lines(text: str, longest: int, noun: str) -> str:
    """A text of some lines, likewise."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    shown = "".join(one if one.isprintable() or one == "\n" else " " for one in kept)
    return _fitting("\n".join(_trimmed(shown.split("\n"))).strip(), longest, noun)


def _trimmed(found: Sequence[str]) -> Sequence[str]:
    return [one.rstrip() for one in found]


def _fitting(text: str, longest: int, noun: str) -> str:
    if not text:
        raise RefusedError(f"Write {noun} first.")
    if len(text) > longest:
        says = f"At most {longest:,} characters fit; this has {len(text):,}."
        raise RefusedError(says)
    return text
