"""Alerts: made and changed by their owners, looked at and mailed by the worker."""

from insights.actions.alerts.keeping import (
    ConflictError,
    RefusedError,
    acknowledge,
    change,
    end,
    make,
    pause,
    read_all,
    resolve,
    resume,
)
from insights.actions.alerts.looking import look_at_due
from insights.actions.alerts.sending import send

__all__ = [
    "ConflictError",
    "RefusedError",
    "acknowledge",
    "change",
    "end",
    "look_at_due",
    "make",
    "pause",
    "read_all",
    "resolve",
    "resume",
    "send",
]
