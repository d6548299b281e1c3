"""Pages below the pages: one channel, one segment, one rep, one account, one customer."""

from insights.panels.drill import accounts, channels, customers, reps, segments

__all__ = ["accounts", "channels", "customers", "reps", "segments"]
