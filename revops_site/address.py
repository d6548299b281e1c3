"""Where the web server listens: whether it may, and whether it answers."""

from __future__ import annotations

import contextlib
import http.client
import socket
from dataclasses import dataclass

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


class AddressTakenError(Exception):
    """Nobody can listen on the address that was asked for."""


@dataclass(frozen=True)
class Address:
    """A host and a port; the host may be a name, an address, or "everywhere".

    ``name`` is the one by which the web server wants to be asked for.
    """

    host: str
    port: int
    name: str = "localhost"

    @property
    def url(self) -> str:
        """What a browser on this machine opens."""
        host = EVERYWHERE.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    def check(self) -> None:
        """Raise AddressTakenError with a sentence where listening would fail."""
        try:
            family, kind, _, _, where = socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            with socket.socket(family, kind) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(where)
                probe.listen(1)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise AddressTakenError(
                f"Cannot listen on {self.host}, port {self.port}: {reason}. "
                "Choose another one, for instance with PORT=8001."
            ) from error

    def answer(self, path: str) -> int | None:
        """The status with which a web server answers there, or None where nobody does."""
        host = EVERYWHERE.get(self.host, self.host)
        asked = http.client.HTTPConnection(host, self.port, timeout=5)
        with contextlib.closing(asked):
            try:
                asked.request("GET", path, headers={"Host": self.name})
                return asked.getresponse().status
            except (OSError, http.client.HTTPException):
                return None
