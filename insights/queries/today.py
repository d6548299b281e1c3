"""What a reader has done with what waited for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from insights.models import TodayMark
from revops_site.kernel.models import User


class Mark(NamedTuple):
    """Since when the reason holds that was marked, and until when it is put off; None: done."""

    since: date
    until: date | None


def marks(user: User) -> Mapping[tuple[str, str], Mark]:
    """The marks of a reader by deal and reason."""
    rows = TodayMark.objects.filter(user=user)
    return {
        (deal_id, kind): Mark(since, until)
        for deal_id, kind, since, until in rows.values_list("deal_id", "kind", "since", "until")
    }
