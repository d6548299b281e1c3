"""Takes files that somebody sends, maps them, and has them checked, imported and undone."""

from insights.actions.uploads.asking import ask, check
from insights.actions.uploads.keeping import RefusedError, keep
from insights.actions.uploads.mappings import choose, save, say, start_anew, use
from insights.actions.uploads.work import QUEUE, TASK, work

__all__ = [
    "QUEUE",
    "TASK",
    "RefusedError",
    "ask",
    "check",
    "choose",
    "keep",
    "save",
    "say",
    "start_anew",
    "use",
    "work",
]
