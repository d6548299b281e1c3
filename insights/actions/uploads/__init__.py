"""Takes files that somebody sends, maps them, and has them checked, imported and undone."""

from insights.actions.uploads.asking import ask, check, keep_checked
from insights.actions.uploads.forgetting import forget_old
from insights.actions.uploads.keeping import RefusedError, keep
from insights.actions.uploads.mappings import choose, save, say, start_anew, use
from insights.actions.uploads.second import second
from insights.actions.uploads.work import QUEUE, TASK, work

__all__ = [
    "QUEUE",
    "TASK",
    "RefusedError",
    "ask",
    "check",
    "choose",
    "forget_old",
    "keep",
    "keep_checked",
    "save",
    "say",
    "second",
    "start_anew",
    "use",
    "work",
]
