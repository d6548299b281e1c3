"""Subscribes people to pages and reports, and sends what is due, each mail once."""

from insights.actions.subscriptions.keeping import (
    RefusedError,
    end,
    leave,
    pause,
    resume,
    subscribe,
)
from insights.actions.subscriptions.sending import TASK, send_due

__all__ = ["TASK", "RefusedError", "end", "leave", "pause", "resume", "send_due", "subscribe"]
