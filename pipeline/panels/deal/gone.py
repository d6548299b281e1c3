"""What stands in place of the page of a deal that was deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pipeline.panels.deal import words
from pipeline.panels.listed import STAGES
from pipeline.queries.deal import gone
from revops_site.kernel.permissions import allowed

SINCE = "It counts on the days before, and nowhere since."
UNTOLD = "Nothing recorded tells when; it counts nowhere."


def page(deal_id: str, by: Any, steps: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What ``deal_gone.html`` prints; None where no deal was deleted that this reader might see.

    ``steps`` says where it stands in the list that its reader came from.
    """
    deal = gone.deal(deal_id, allowed(by))
    if deal is None:
        return None
    day = words.day(gone.deleted_on(deal_id))
    said = f"Deleted on {day['at']}. {SINCE}" if day["at"] else f"Deleted. {UNTOLD}"
    account = deal.account.name if deal.account else deal.account_name
    facts = (
        ("Account", account, _way("accounts", deal.account_id)),
        ("Amount", words.money(deal.amount, deal.currency), ""),
        ("Last stage", STAGES.get(deal.stage_name, deal.stage_name), ""),
        ("Owner", deal.owner.name if deal.owner else "Nobody", _way("reps", deal.owner_id)),
        ("Created", words.day(deal.created_at)["at"], ""),
        ("Id", deal.pk, ""),
    )
    return {
        "title": str(deal),
        "said": said,
        "steps": steps,
        "facts": [{"label": label, "text": text, "url": url} for label, text, url in facts if text],
    }


def _way(place: str, key: str | None) -> str:
    return f"/{place}/{quote(key, safe='')}/" if key else ""
