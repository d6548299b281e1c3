"""A network that fails on demand: it stands between the product and its PostgreSQL."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PIECE = 65_536


@dataclass
class Network:
    """Passes bytes on; ``cut`` ends all lines, ``swallow`` loses what is sent, ``delay`` waits."""

    target: Path
    listener: socket.socket
    delay: float = 0.0
    swallows: bool = False
    lines: list[socket.socket] = field(default_factory=list)

    @property
    def port(self) -> int:
        """Where the product reaches its database."""
        return int(self.listener.getsockname()[1])

    def cut(self) -> None:
        """End every line that there is, as a router does that starts anew."""
        while self.lines:
            _end(self.lines.pop())

    def _serve(self) -> None:
        while True:
            try:
                one, _ = self.listener.accept()
            except OSError:
                return
            self.lines.append(one)
            threading.Thread(target=self._join, args=[one], daemon=True).start()

    def _join(self, one: socket.socket) -> None:
        while self.swallows:  # the handshake of TCP is the kernel's: nothing more is heard
            time.sleep(0.05)
        other = socket.socket(socket.AF_UNIX)
        try:
            other.connect(str(self.target))
        except OSError:
            one.close()
            other.close()
            return
        self.lines.append(other)
        for pair in ((one, other), (other, one)):
            threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := one.recv(PIECE):
                if self.delay:
                    time.sleep(self.delay)
                while self.swallows:
                    time.sleep(0.05)
                other.sendall(piece)
        for each in (one, other):
            _end(each)


def _end(line: socket.socket) -> None:
    """Who waits at it wakes before it is closed."""
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()


@contextlib.contextmanager
def network(target: Path) -> Iterator[Network]:
    """A network to the socket of a server; what is on it ends with the block."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        one = Network(target, listener)
        threading.Thread(target=one._serve, daemon=True).start()
        try:
            yield one
        finally:
            one.swallows = False
            one.cut()
