"""Tells others how far a long work is, while its own transaction hides what it does."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Any

from django.db import DatabaseError, connection

from insights.models import Upload
from revops_site.kernel import clock
from revops_site.kernel.loading import Step

EVERY = 1.0  # seconds


class Beat:
    """While it is entered, a thread with a connection of its own notes that the work goes on."""

    def __init__(self, upload_id: int, attempt: int) -> None:
        self._of = {"pk": upload_id, "attempt": attempt}
        self._step: dict[str, Any] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Beat:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def tell(self, step: Step) -> None:
        """Note how far it is."""
        self._step = {
            "stage": step.stage,
            "rows": step.rows,
            "done": step.done,
            "total": step.total,
        }

    def _run(self) -> None:
        try:
            while not self._over.wait(EVERY):
                self._note()
        finally:
            connection.close()

    def _note(self) -> None:
        try:
            Upload.objects.filter(**self._of).update(beat_at=clock.now(), progress=self._step)
        except DatabaseError:
            connection.close()  # the next beat opens another one
