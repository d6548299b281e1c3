"""What the kernel tells whoever listens, since it knows no domain."""

from django.dispatch import Signal

rates_changed = Signal()
"""The reporting currency is another one, or an exchange rate was edited.

Sent inside of the transaction that made the change. Keywords: ``currency``, the reporting currency
that now holds.
"""
