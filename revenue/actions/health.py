"""Keeps the health of all customers, and of which data it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction

from revenue.models import HealthRun
from revenue.rollups import health
from revops_site.kernel import freshness


@transaction.atomic
def keep(
    *,
    contacts: Iterable[tuple[str, date, date]],
    as_of: date,
    loads: str,
    met: Mapping[str, str],
    since: date | None,
    at: datetime,
) -> int:
    """Reckon all customers' health; how many rows. See ``rollups.health.rebuild``.

    ``met`` tells the contacts of each month apart, see ``queries.records.digests``.
    """
    rows = health.rebuild(as_of, contacts, since)
    told = {"loads": loads, "as_of": as_of, "met": met, "made_at": at, "rows": rows}
    HealthRun.objects.update_or_create(pk=1, defaults=told)
    freshness.bump()
    return rows


@transaction.atomic
def stands(*, loads: str) -> int:
    """Note that the health that is kept is that of these loads as well; of how many rows it is."""
    run = HealthRun.objects.get(pk=1)
    run.loads = loads
    run.save(update_fields=["loads"])
    return run.rows
