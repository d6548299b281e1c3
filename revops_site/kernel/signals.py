"""What the kernel tells whoever listens, since it knows no domain."""

from __future__ import annotations

from django.dispatch import Signal

rates_changed = Signal()
"""The reporting currency is another one, or an exchange rate was edited.

Sent inside of the transaction that made the change. Keywords: ``currency``, the reporting currency
that now holds.
"""
rows_changed = Signal()
"""Rows that a roll-up of the kind ``Followed`` is of have changed.

Sent inside of the transaction that changed them. Keywords: ``what``, the name of what is followed,
and ``keys``, the buckets that were touched; None for all of them.
"""
restored = Signal()
"""The database was put back from a backup, and may be older than what went out of the house.

Sent inside of the transaction that settles it, before anybody works with it. Keywords:
``made_at``, the backup's time, and ``at``, now. A listener returns sentences for whoever restores.
"""


class RefusedError(Exception):
    """A listener cannot follow a change; the text says why to whoever wanted it."""


def tell_of_rates() -> None:
    """Send ``rates_changed`` with the reporting currency as it is now."""
    from revops_site.kernel import freshness  # it knows the tables, which are not there yet here

    rates_changed.send(sender=None, currency=freshness.workspace().reporting_currency)
