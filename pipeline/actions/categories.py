"""Sets a deal's forecast category by hand, and takes that back; the deal is then loaded anew."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pipeline.datasets import PIPELINE_DEALS
from pipeline.models import CategoryOverride, Deal, DealChange
from pipeline.models.overrides import ENDS
from pipeline.queries import categories
from pipeline.queries.categories import CATEGORIES, LONGEST_REASON
from revops_site.kernel import audit
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User


class RefusedError(ValueError):
    """Why a category stays as it is, in a sentence for who asked."""


@transaction.atomic
def override(
    *, by: User, deal_id: str, category: str, reason: str, seen: str, at: datetime
) -> None:
    """Let a category hold whatever files say, until it is taken back or the deal closes.

    ``seen`` is what ``categories.seen`` told when the form was opened. RefusedError says why not;
    who may not, or a deal that is not there, is refused as well.
    """
    deal, before = _held(by, deal_id)
    reason = _cleaned(reason)
    if category not in CATEGORIES:
        raise RefusedError(f"Choose one of {', '.join(CATEGORIES)}.")
    if before and (before.category, before.reason, before.by_id) == (category, reason, by.pk):
        return  # the same was sent twice
    _insist_on(seen, deal, before)
    _end(deal_id, before, CategoryOverride.Ended.REPLACED, by, at)
    CategoryOverride.objects.create(
        deal_id=deal_id,
        category=category,
        file_category=deal.file_category,
        reason=reason,
        by=by,
        at=at,
    )
    was = deal.forecast_category
    _load(deal, by)
    audit.record(
        "category overridden", user=by, target=deal_id, category=category, was=was, reason=reason
    )


@transaction.atomic
def take_back(*, by: User, deal_id: str, seen: str, at: datetime) -> None:
    """Let the file's category count again. As ``override`` otherwise."""
    deal, before = _held(by, deal_id)
    if before is None:
        return  # nothing is set, or it was taken back already
    _insist_on(seen, deal, before)
    _end(deal_id, before, CategoryOverride.Ended.TAKEN_BACK, by, at)
    was = deal.forecast_category
    _load(deal, by)
    audit.record(
        "override taken back", user=by, target=deal_id, category=deal.file_category, was=was
    )


def _held(by: User, deal_id: str) -> tuple[Deal, CategoryOverride | None]:
    """The deal, which nobody else writes until the transaction ends, and what is set of it."""
    try:
        rows.hold(PIPELINE_DEALS)
    except rows.BusyError as busy:
        raise RefusedError(str(busy)) from busy
    deal = Deal.objects.filter(pk=deal_id, is_deleted=False).first()
    if deal is None:
        raise RefusedError("This deal is no longer there.")
    if not categories.may_set(by, deal):
        raise RefusedError("Only the deal's owner, their manager and RevOps set its category.")
    if deal.status != Deal.Status.OPEN:
        raise RefusedError("This deal is closed: its category is what the file says.")
    return deal, categories.standing([deal_id]).get(deal_id)


def _insist_on(seen: str, deal: Deal, before: CategoryOverride | None) -> None:
    """Refuse where the category is another one than the form was opened on."""
    if seen == categories.seen(deal.pk, deal.forecast_category, before):
        return
    now = deal.forecast_category or "empty"
    if before is None:
        raise RefusedError(
            f"The category is {now} by now, and not set by hand: it was changed since you opened "
            "this. Nothing was saved; look again, and save once more if it still holds."
        )
    raise RefusedError(
        f"{before.by or 'Somebody'} set the category to {now} at {before.at:%Y-%m-%d %H:%M} UTC, "
        "since you opened this. Nothing was saved; look again, and save once more if it still "
        "holds."
    )


def _end(deal_id: str, before: CategoryOverride | None, why: str, by: User, at: datetime) -> None:
    """End what was set; where the deal has closed since, it ended then."""
    rows_ = CategoryOverride.objects.filter(deal_id=deal_id, ended_at=None)
    if before is not None:
        rows_.update(ended=why, ended_at=at, ended_by=by)
        return
    for one in rows_:
        closed = DealChange.objects.filter(
            deal_id=deal_id, field="status", new__in=ENDS, changed_at__gt=one.at
        )
        one.ended, one.ended_at = (
            CategoryOverride.Ended.CLOSED,
            closed.earliest("changed_at").changed_at,
        )
        one.save(update_fields=["ended", "ended_at"])


def _load(deal: Deal, by: User) -> None:
    """Load the deal as it is: what is set by hand is put in its place on the way."""
    rows.put(
        PIPELINE_DEALS,
        rows.texts(PIPELINE_DEALS, [deal]),
        kind="app",
        source=f"category of {deal.pk}",
        by=by,
        logged=categories.OVERRIDE,
    )


def _cleaned(text: str) -> str:
    text = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    if len(text) > LONGEST_REASON:
        raise RefusedError(
            f"A reason has at most {LONGEST_REASON} characters; this one has {len(text)}."
        )
    return text
