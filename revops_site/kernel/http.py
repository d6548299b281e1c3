"""The one way out: GET and POST to hosts that settings allow, at public addresses, within limits.

The name is resolved here and the connection goes to the address that was looked at, so that no
second answer of the name server can lead it into this network. Nothing is followed: a redirect is
an answer like any other.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
from django.conf import settings

MOST_BYTES = 10 * 1024 * 1024
DEADLINE = 15.0
TIMEOUT = httpx2.Timeout(10.0, connect=5.0)
AGENT = "RevOps-Control-Center"
Trace = Callable[[str, Mapping[str, Any]], None]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
SITE_LOCAL = ipaddress.ip_network("fec0::/10")
COMPATIBLE = ipaddress.ip_network("::/96")


class RefusedError(Exception):
    """An address that nothing may be asked of; the text says why."""


class FailedError(Exception):
    """No whole answer came, in time and within the limits; the text says what happened."""


class TooLargeError(FailedError):
    """The answer is larger than may be taken in."""


class LateError(FailedError):
    """No whole answer came in time."""


@dataclass(frozen=True)
class Answer:
    """What a server said: the status, the headers (names in small letters), the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """Requests over connections that are kept; use it as a context, from one thread.

    ``hosts`` are patterns such as ``*.pipedrive.com``; without it those that settings allow.
    """

    def __init__(
        self,
        headers: Mapping[str, str] | None = None,
        hosts: Sequence[str] | None = None,
        deadline: float = DEADLINE,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._hosts = tuple(settings.OUTGOING_HOSTS if hosts is None else hosts)
        self._deadline = deadline
        self._most = most_bytes
        self._http = httpx2.Client(
            headers={"user-agent": AGENT, "accept-encoding": "gzip", **(headers or {})},
            timeout=TIMEOUT,
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def get(
        self,
        url: str,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The whole answer; RefusedError where nothing is sent, FailedError where none came."""
        whole = f"{url}?{urlencode(query)}" if query else url
        ends = time.monotonic() + self._deadline
        return self._asked("GET", whole, ends, headers=headers)

    def post(self, url: str, body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
        """The whole answer to a body that is sent once, as with ``get``.

        The first one of a client ends when its deadline does, even if the server says a byte now
        and then; the server may think for as long.
        """
        ends = time.monotonic() + self._deadline
        with _cutting(self._deadline) as trace:
            patient = httpx2.Timeout(self._deadline, connect=5.0)
            more = {"content": body, "timeout": patient}
            return self._asked("POST", url, ends, headers=headers, trace=trace, **more)

    def _asked(
        self,
        method: str,
        url: str,
        ends: float,
        headers: Mapping[str, str] | None = None,
        trace: Trace | None = None,
        **more: Any,
    ) -> Answer:
        target, host, name = _target(url, self._hosts)
        given = {**(headers or {}), "host": host}
        extensions: dict[str, Any] = {"sni_hostname": name} | ({"trace": trace} if trace else {})
        try:
            with self._http.stream(
                method, target, headers=given, extensions=extensions, **more
            ) as response:
                body = b"".join(self._parts(response, ends))
                self._insist_on(ends)
                return Answer(response.status_code, dict(response.headers), body)
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            if not isinstance(error, httpx2.TimeoutException):
                self._insist_on(ends)
                raise FailedError(f"{type(error).__name__}: {error}") from error
            raise LateError(f"{type(error).__name__}: {error}") from error

    def _insist_on(self, ends: float) -> None:
        if time.monotonic() > ends:
            raise LateError(f"the answer took longer than {self._deadline:g} seconds")

    def _parts(self, response: httpx2.Response, ends: float) -> Iterator[bytes]:
        """The body, unpacked, as far as deadline and size allow."""
        room, packed = self._most, response.headers.get("content-encoding", "") == "gzip"
        unpack = zlib.decompressobj(wbits=31)
        for part in response.iter_raw():
            data = part
            if packed:
                with _sound_gzip():
                    data = unpack.decompress(part, room + 1)
            room -= len(data)
            if room < 0 or (packed and unpack.unconsumed_tail):
                raise TooLargeError(f"the answer is larger than {self._most} bytes")
            self._insist_on(ends)
            yield data
        if packed and not unpack.eof:
            raise FailedError("the answer ends in the middle")


@contextmanager
def _cutting(seconds: float) -> Iterator[Trace]:
    """Gives what to tell of new connections, which are cut when the time is over."""
    sockets: list[socket.socket] = []

    def trace(event: str, info: Mapping[str, Any]) -> None:
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            sockets.append(info["return_value"].get_extra_info("socket"))

    def cut() -> None:
        for one in sockets:
            with suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield trace
    finally:
        timer.cancel()


@contextmanager
def _sound_gzip() -> Iterator[None]:
    try:
        yield
    except zlib.error as error:
        raise FailedError("the answer is not what it says it is packed as") from error


def check(url: str, hosts: Sequence[str] | None = None) -> None:
    """Raise RefusedError with a sentence where this address would not be asked."""
    _target(url, tuple(settings.OUTGOING_HOSTS if hosts is None else hosts))


def _target(url: str, hosts: Sequence[str]) -> tuple[str, str, str]:
    """The address with the host resolved, the Host header, and the name for TLS."""
    try:
        parts = urlsplit(url)
        name, port = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        raise RefusedError("This is not an address.") from None
    if parts.username or parts.password or "@" in parts.netloc:
        raise RefusedError("An address with a user name is not asked.")
    if settings.OUTGOING_LOOPBACK and name in {"127.0.0.1", "localhost"} and parts.scheme == "http":
        return url, parts.netloc, name
    if parts.scheme != "https" or port not in {None, 443}:
        raise RefusedError("Only https addresses on port 443 are asked.")
    if not name.isascii() or not any(fnmatchcase(name, pattern) for pattern in hosts):
        raise RefusedError(f"The host “{name}” is not among those that are allowed.")
    found = _resolved(name)
    bare = f"[{found}]" if found.version == 6 else str(found)
    path = parts.path or "/"
    return f"https://{bare}{path}{'?' + parts.query if parts.query else ''}", name, name


def _resolved(name: str) -> Address:
    """The first address of a name, if all that it has are public."""
    try:
        found = socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FailedError(f"the host “{name}” is not found") from error
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not addresses:
        raise FailedError(f"the host “{name}” has no address")
    if not all(is_public(address) for address in addresses):
        raise RefusedError(f"The host “{name}” leads into a private network.")
    return addresses[0]


def is_public(address: Address) -> bool:
    """Whether an address is one of the internet's, whatever it is wrapped in."""
    inner = list(_inner(address))
    if inner:
        return all(is_public(one) for one in inner)
    if isinstance(address, ipaddress.IPv6Address) and address in SITE_LOCAL:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: Address) -> Iterator[Address]:
    """The IPv4 addresses that an IPv6 one leads to: mapped, 6to4, Teredo, NAT64, compatible."""
    if isinstance(address, ipaddress.IPv4Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if any(address in net for net in NAT64):
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address in COMPATIBLE and int(address) > 1:
        yield ipaddress.IPv4Address(int(address))
