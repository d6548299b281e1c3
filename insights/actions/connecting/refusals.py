"""Why something cannot be done with a source, in sentences for who asked."""

from __future__ import annotations

from collections.abc import Mapping

CHANGED = "Somebody has changed these settings meanwhile. They are shown as they are now."


class RefusedError(Exception):
    """What is wrong, by the field that it is wrong in; "" is none in particular."""

    def __init__(self, problems: Mapping[str, str] | str) -> None:
        self.problems = {"": problems} if isinstance(problems, str) else dict(problems)
        super().__init__(" ".join(self.problems.values()))


class ConflictError(RefusedError):
    """The settings are others than those that were looked at."""

    def __init__(self) -> None:
        super().__init__(CHANGED)
