"""What deals, their owners and users are called, of some alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd
from django.db.models import F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat, NullIf, Trim

from pipeline.models import Deal
from revops_site.kernel.models import Rep
from revops_site.kernel.queries import Columns, to_frame

NAMES: Columns = dict.fromkeys(
    ("deal_id", "deal_name", "account_name", "account_id", "owner_name", "owner_id"), "str"
)
GONE = "Somebody who is gone"


def deals(ids: Collection[str]) -> pd.DataFrame:
    """The names of some deals: ``NAMES``; a deal without a name is called by its account."""
    called = Coalesce(
        NullIf("opportunity_name", Value("")), NullIf("account_name", Value("")), "deal_id"
    )
    rows = Deal.objects.filter(pk__in=list(ids)).annotate(
        deal_name=called,
        id_of_account=Coalesce("account_id", Value("")),
        owner_name=Coalesce(F("owner__name"), Value("")),
        id_of_owner=Coalesce("owner_id", Value("")),
    )
    names = ("deal_id", "deal_name", "account_name", "id_of_account", "owner_name", "id_of_owner")
    return to_frame(rows.values_list(*names), NAMES)


def reps(ids: Collection[str]) -> Mapping[str, str]:
    """The names of some reps by id."""
    return dict(Rep.objects.filter(pk__in=list(ids)).values_list("rep_id", "name"))


def person(way: str) -> Combinable:
    """In a query: what the user at the end of ``way`` is called; null where there is none."""
    whole = Trim(Concat(F(f"{way}__first_name"), Value(" "), F(f"{way}__last_name")))
    return Coalesce(NullIf(whole, Value("")), F(f"{way}__username"))
