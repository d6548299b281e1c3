"""Has files made in the background, keeps their bytes, and lets go of them after their time."""

from insights.actions.files.asking import RefusedError, ask, see
from insights.actions.files.forgetting import forget_old
from insights.actions.files.making import TASK, Made, NotMadeError, Tell, make
from insights.models import MadeFile

__all__ = [
    "TASK",
    "Made",
    "MadeFile",
    "NotMadeError",
    "RefusedError",
    "Tell",
    "ask",
    "forget_old",
    "make",
    "see",
]
