"""Who a page is about: a rep with the team, an account with whom it belongs to."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from revops_site.kernel.filters import Allowed
from revops_site.kernel.models import Account, Rep


class Seller(NamedTuple):
    """A rep; ``mates`` are the ids of the team's reps, the rep among them."""

    rep_id: str
    name: str
    team: str
    region: str
    start_date: date | None
    is_active: bool
    mates: tuple[str, ...]


class Company(NamedTuple):
    """An account as its own file tells it."""

    account_id: str
    name: str
    segment: str
    region: str
    industry: str
    owner_id: str
    owner: str
    created_at: date | None


def seller(rep_id: str, allowed: Allowed) -> Seller | None:
    """The rep of that id, None where there is none or the rep's rows may not be seen."""
    if allowed.reps is not None and rep_id not in allowed.reps:
        return None
    rep = Rep.objects.filter(pk=rep_id).select_related("team").first()
    if rep is None:
        return None
    mates = rep.team.reps.order_by("pk").values_list("pk", flat=True) if rep.team else (rep_id,)
    team = rep.team.name if rep.team else ""
    return Seller(rep_id, rep.name, team, rep.region, rep.start_date, rep.is_active, tuple(mates))


def company(account_id: str) -> Company | None:
    """The account of that id, None where no file told of it."""
    found = Account.objects.filter(pk=account_id).select_related("owner").first()
    if found is None:
        return None
    return Company(
        account_id,
        found.name,
        found.segment,
        found.region,
        found.industry,
        found.owner_id or "",
        found.owner.name if found.owner else "",
        found.created_at,
    )
