"""Pages below the pages: one channel, one segment, one rep, one account."""

from insights.panels.drill import accounts, channels, reps, segments

__all__ = ["accounts", "channels", "reps", "segments"]
