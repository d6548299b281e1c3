"""Which part the contacts of deals have."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pipeline.models import Contact


def roles(ids: Collection[str]) -> Mapping[tuple[str, str], str]:
    """The role of each contact of these deals by deal and name; "" where none is given."""
    rows = Contact.objects.filter(deal_id__in=list(ids)).order_by("key")
    return {(deal, name): role for deal, name, role in rows.values_list("deal_id", "name", "role")}
