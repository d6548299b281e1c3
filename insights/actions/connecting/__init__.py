"""What a person does with an outside system: connect it, try it, say what its words mean."""

from insights.actions.connecting.hooks import TASK as HINT_TASK
from insights.actions.connecting.hooks import drop, hint, is_known, make
from insights.actions.connecting.keeping import REMAP, choose, connect, disconnect, enable, pause
from insights.actions.connecting.refusals import ConflictError, RefusedError
from insights.actions.connecting.trials import TASK, ask, work

__all__ = [
    "HINT_TASK",
    "REMAP",
    "TASK",
    "ConflictError",
    "RefusedError",
    "ask",
    "choose",
    "connect",
    "disconnect",
    "drop",
    "enable",
    "hint",
    "is_known",
    "make",
    "pause",
    "work",
]
