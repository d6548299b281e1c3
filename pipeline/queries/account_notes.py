"""The notes on an account, as they are written and pinned in the app."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.models import AccountNote
from pipeline.queries.called import GONE
from pipeline.queries.deal.notes import Written, in_order, may_change, may_delete
from revops_site.kernel.models import User

MOST = 200


def listed(account_id: str, by: User) -> Sequence[Written]:
    """An account's pinned notes, what is to be reviewed first, then the newest; 200 at most."""
    rows = AccountNote.objects.filter(account_id=account_id).select_related("author")
    found = rows.order_by("-is_pinned", "-created_at", "-id")[:MOST]
    return in_order([_written(one, by) for one in found])


def _written(note: AccountNote, by: User) -> Written:
    return Written(
        note_id=str(note.pk),
        body=note.body,
        who=str(note.author or GONE),
        at=note.created_at,
        version=note.version,
        is_pinned=note.is_pinned,
        review_on=note.review_on,
        is_own=may_change(by, note.author_id),
        may_delete=may_delete(by, note.author_id),
    )
