"""Money at other rates: all of it at once where there is little, else in the background."""

from __future__ import annotations

from django.apps import apps
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from revops_site.kernel import counts, freshness
from revops_site.kernel.models import Loaded, Workspace
from revops_site.kernel.signals import tell_of_rates

MOST_AT_ONCE = 50_000
TASK = "revops_site.kernel.tasks.rerate"


def takes_long() -> bool:
    """Whether so many rows hold money in a currency that nobody should wait for all of them."""
    tables = [m for m in apps.get_models() if issubclass(m, Loaded) and hasattr(m, "currency")]
    return sum(counts.about(table) for table in tables) > MOST_AT_ONCE


def soon(currency: str = "") -> bool:
    """Rate all money anew, in ``currency`` if given; whether that was put off to the background.

    Call it in the transaction that changes a rate or the currency, and count that change there.
    Until it is done the money that was there stays as it was: rates, sums and reporting currency
    change together.
    """
    if not takes_long():
        _rate(currency)
        return False
    task = app.configure_task(TASK, lock=TASK, queueing_lock=f"{TASK} {currency}")
    try:
        with transaction.atomic():
            task.defer(currency=currency)
    except AlreadyEnqueued:
        pass  # it has not begun yet, and will see what was changed now
    return True


@transaction.atomic
def rerate(currency: str = "") -> None:
    """Rate all money anew, in ``currency`` if given, as a change of the data of its own."""
    _rate(currency)
    freshness.bump()


def _rate(currency: str) -> None:
    if currency:
        Workspace.objects.filter(pk=freshness.WORKSPACE).update(reporting_currency=currency)
    tell_of_rates()
