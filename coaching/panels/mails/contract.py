"""Follow-ups as a program reads them: what is drafted, approved or to be decided, of the reader."""

from __future__ import annotations

from typing import Any

from coaching.queries import mails
from coaching.queries.mails import LIVE
from pipeline.queries import followups as deals

MOST = 1_000


def followups(by: Any) -> list[dict[str, Any]]:
    """A row for each mail that is not at its end, the oldest first; moments in UTC."""
    found = list(mails.seen(by).filter(state__in=LIVE).order_by("id")[:MOST])
    told = deals.told({one.deal_id for one in found})
    return [
        {
            "id": one.pk,
            "deal_id": one.deal_id,
            "deal_title": told[one.deal_id].name if one.deal_id in told else one.deal_id,
            "owner": one.rep.name if one.rep else None,
            "issue": one.reason,
            "days": one.facts.get("days"),
            "to_name": one.to_name,
            "to_email": one.to_address,
            "subject": one.subject,
            "body": one.body,
            "wording": one.wording,
            "status": one.state,
            "note": one.why or None,
            "created_at": one.made_at,
            "approved_at": one.approved_at,
            "next_try_at": one.next_try_at,
        }
        for one in found
    ]
