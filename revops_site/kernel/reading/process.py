"""The reading process as its parent sees it: started, listened to, and ended whatever happens."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from revops_site.kernel.reading import frames
from revops_site.kernel.reading.records import UnreadableError

ROOT = Path(__file__).resolve().parents[3]
# So long may pass in silence: more than the processor time that the process itself is allowed.
PATIENCE = 180.0
_PIPE = 1024 * 1024
_KEPT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG", "LC_ALL")

_FAILED = "cannot be read: the reading of it failed"
_SAYS = {
    "SIGXCPU": "takes too long to read",
    "SIGABRT": "needs more memory than the reading of a file may take",
}

logger = logging.getLogger(__name__)


class Reader:
    """A process that reads one file. Use it in a ``with``; it does not outlive its block."""

    def __init__(self, job: Mapping[str, Any], patience: float = PATIENCE) -> None:
        self._patience = patience
        self._late = threading.Event()
        self._process = _started()
        self._end = weakref.finalize(self, _end, self._process)
        try:
            self._tell(json.dumps(job).encode())
        except BaseException:
            self.close()
            raise

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def next(self) -> tuple[bytes, bytes] | None:
        """The next frame; None at the end. Raises UnreadableError where the process gives up."""
        stdout = self._process.stdout
        assert stdout is not None
        # The timer's thread may last a little longer: it must not keep this object.
        timer = threading.Timer(self._patience, _give_up, (self._process, self._late))
        timer.daemon = True
        timer.start()
        try:
            frame = frames.read(stdout)
        finally:
            timer.cancel()
        if frame is None:
            self._check_end()
            return None
        kind, data = frame
        if kind == frames.UNREADABLE:
            raise UnreadableError(data.decode())
        if kind == frames.FAILED:
            logger.error("The reading process failed: %s", data.decode(errors="replace"))
            raise UnreadableError(_FAILED)
        return frame

    def close(self) -> None:
        """End the process, if it is still there, and leave nothing of it."""
        self._end()

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _tell(self, job: bytes) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        with suppress(BrokenPipeError):  # it is gone; why, its end tells
            stdin.write(job)
            stdin.close()

    def _check_end(self) -> None:
        """Nothing more comes: raises UnreadableError unless all was said."""
        code = self._process.wait()
        if self._late.is_set():
            raise UnreadableError(_SAYS["SIGXCPU"])
        if code:
            name = _signal(code)
            logger.error("The reading process ended with %s", name or code)
            raise UnreadableError(_SAYS.get(name, _FAILED))


def _signal(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return ""


def _started() -> subprocess.Popen[bytes]:
    """The process, in a session of its own, and with nothing of this one's secrets."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-P", "-X", "utf8", "-m", "revops_site.kernel.reading"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what matters comes in frames; nothing can fill up
        env=kept | {"PYTHONPATH": str(ROOT)},
        start_new_session=True,
        pipesize=_PIPE,
    )


def _give_up(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):  # what could not be told it needs no longer
                stream.close()
