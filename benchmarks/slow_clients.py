"""What slow clients cost the others: page times through the proxy, alone and beside many of them.

Start the product behind nginx as docs/operations.md tells, then
``python -m benchmarks.slow_clients --port 443 --clients 1000``. Each slow client opens a connection
with TLS, from one of a hundred addresses of this machine, and sends a byte of a header every two
seconds; one that is shut out comes again.
"""

from __future__ import annotations

import argparse
import asyncio
import socket
import ssl
import threading
import time

HOST = "127.0.0.1"
ASKED = b"GET /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
PAGES = 150
GATHERING_SECONDS = 6.0


def any_certificate() -> ssl.SSLContext:
    """TLS with whoever is there: this machine's certificate is its own."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def page(port: int) -> float:
    """The milliseconds of one page over a new connection."""
    began = time.perf_counter()
    with (
        socket.create_connection((HOST, port), 10) as line,
        any_certificate().wrap_socket(line) as client,
    ):
        client.sendall(ASKED)
        answer = b""
        while part := client.recv(65536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 200"), answer[:100]
    return (time.perf_counter() - began) * 1e3


def pages(port: int) -> str:
    """The median and the 95th percentile of many."""
    found = []
    for _ in range(PAGES):
        found.append(page(port))
        time.sleep(0.02)
    found.sort()
    return f"p50 {found[PAGES // 2]:.0f} ms, p95 {found[PAGES * 95 // 100]:.0f} ms"


class Crowd:
    """Slow clients, until they are told to go."""

    def __init__(self, port: int, size: int) -> None:
        self.port, self.size, self.connected = port, size, 0
        self.stop = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._all()), daemon=True).start()

    async def _all(self) -> None:
        await asyncio.gather(*(self._one(f"127.0.1.{1 + nth % 100}") for nth in range(self.size)))

    async def _one(self, address: str) -> None:
        while not self.stop.is_set():
            try:
                reader, writer = await asyncio.open_connection(
                    HOST, self.port, ssl=any_certificate(), local_addr=(address, 0)
                )
            except OSError:
                await asyncio.sleep(0.5)
                continue
            self.connected += 1
            try:
                writer.write(b"GET /x HTTP/1.1\r\nHost: a\r\nX-a: ")
                while not self.stop.is_set() and not reader.at_eof():
                    writer.write(b"b")
                    await writer.drain()
                    await asyncio.sleep(2)
            except OSError:
                pass
            finally:
                self.connected -= 1
                writer.close()


def main() -> None:
    """Measure alone, then beside the crowd."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=443)
    parser.add_argument("--clients", type=int, default=1000)
    given = parser.parse_args()
    print(f"alone: {pages(given.port)}")
    crowd = Crowd(given.port, given.clients)
    time.sleep(GATHERING_SECONDS)
    print(f"beside {crowd.connected} slow clients: {pages(given.port)}")
    crowd.stop.set()


if __name__ == "__main__":
    main()
