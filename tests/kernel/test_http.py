"""What the product asks of others: nothing inside this network, nothing without an end."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import LazySettings

from revops_site.kernel import http

PRIVATE = (
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001"),
    *("0177.0.0.1", "0", "0.0.0.0", "10.0.0.1", "10.255.255.254", "172.16.0.1", "172.31.255.1"),
    *("192.168.0.1", "192.168.1.254", "169.254.169.254", "169.254.0.1", "100.64.0.1"),
    *("100.127.255.254", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "[::1]", "[::]"),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]"),
    *("[::127.0.0.1]", "[::10.0.0.1]", "[fe80::1]", "[fc00::1]", "[fd12:3456::1]", "[fec0::1]"),
    *("[ff02::1]", "[2001:db8::1]", "[100::1]", "[2002:7f00:1::]", "[2002:a00:1::1]"),
    *("[2002:a9fe:a9fe::]", "[2002:c0a8:101::1]", "[64:ff9b::7f00:1]", "[64:ff9b::a00:1]"),
    *("[64:ff9b::169.254.169.254]", "[64:ff9b:1::a00:1]", "[2001:0:7f00:1::]"),
    *("[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[2001:10::1]", "localhost"),
)
ODD = (
    *("http://api.pipedrive.com/", "ftp://api.pipedrive.com/", "file:///etc/passwd", "gopher://x/"),
    *("https://api.pipedrive.com:22/", "https://api.pipedrive.com:8443/", "https://evil.example/"),
    *("https://api.pipedrive.com@127.0.0.1/", "https://user:pw@api.pipedrive.com/"),
    *("https://127.0.0.1#@api.pipedrive.com/", "https://pipedrive.com.evil.example/"),
    *("https://evilpipedrive.com/", "https://api.pipedrive.com.evil.example/", "https:///x", ""),
    *("https://[::1/", "//api.pipedrive.com/", "javascript:alert(1)", "https://аpi.pipedrive.com/"),
    *("https://api.pipedrive.com:99999/", "https://api.pipedrive.com:-1/", "data:,x", "https://"),
    *("http://127.0.0.1:5432/", "http://localhost/", "http://[::1]/", "http://0.0.0.0/"),
    *(
        "http://169.254.169.254/latest/meta-data/",
        "https://169.254.169.254/",
        "dict://127.0.0.1:1/",
    ),
)
INSIDE = ("127.0.0.1", "10.20.30.40", "169.254.169.254", "192.168.7.7", "100.64.1.1")


def _hidden(address: str) -> Iterator[str]:
    """An address of this network in the forms in which others hide it."""
    whole = int(ipaddress.IPv4Address(address))
    for six in (
        *(whole | 0xFFFF << 32, whole, 0x64FF9B << 96 | whole, 0x64FF9B0001 << 80 | whole),
        *(0x2002 << 112 | whole << 80 | 1, 0x20010000 << 96 | whole ^ 0xFFFFFFFF),
    ):
        yield f"https://[{ipaddress.IPv6Address(six)}]/"


GENERATED = tuple(url for address in INSIDE for url in _hidden(address))
OPEN = ("8.8.8.8", "2600:1901::1", "1.1.1.1", "2a00:1450:4001::1")


class Canary(BaseHTTPRequestHandler):
    """Answers what each path asks for, and remembers that it was asked."""

    protocol_version = "HTTP/1.1"
    seen: list[str]

    def do_GET(self) -> None:
        self.seen.append(self.path)
        way: dict[str, Callable[[], None]] = {
            "/redirect": lambda: self._say(302, b"", location="http://127.0.0.1:1/"),
            "/large": lambda: self._say(200, b"x" * 300_000),
            "/bomb": lambda: self._say(200, gzip.compress(b"0" * 50_000_000), encoding="gzip"),
            "/packed": lambda: self._say(200, gzip.compress(b"a" * 1000), encoding="gzip"),
            "/cut": lambda: self._say(200, gzip.compress(b"a" * 9000)[:-9], encoding="gzip"),
            "/unpacked": lambda: self._say(200, b"no gzip", encoding="gzip"),
            "/trickle": self._trickle,
        }
        way.get(self.path, lambda: self._say(200, b"whole"))()

    def _say(self, status: int, body: bytes, location: str = "", encoding: str = "") -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        if location:
            self.send_header("location", location)
        if encoding:
            self.send_header("content-encoding", encoding)
        self.end_headers()
        self.wfile.write(body)

    def _trickle(self) -> None:
        self.send_response(200)
        self.send_header("content-length", "100")
        self.end_headers()
        for _ in range(100):
            try:
                self.wfile.write(b".")
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine: its address, and what it was asked."""
    seen: list[str] = []
    handler = type("Here", (Canary,), {"seen": seen})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()


def test_not_even_a_connection_is_tried_for_any_of_them(settings: LazySettings) -> None:
    settings.OUTGOING_HOSTS = ["*"]
    tried: list[str] = []
    listening = True

    def hear(event: str, given: tuple[object, ...]) -> None:
        if listening and event == "socket.connect":
            tried.append(str(given[1]))

    sys.addaudithook(hear)
    vectors = [*(f"https://{host}/" for host in PRIVATE), *ODD, *GENERATED]
    with http.Client() as client:
        for url in vectors:
            with pytest.raises((http.RefusedError, http.FailedError)):
                client.get(url)
    listening = False
    assert tried == []
    assert len(set(vectors)) >= 83


@pytest.mark.parametrize("host", PRIVATE)
def test_no_address_of_this_network_is_asked_however_it_is_written(
    host: str, settings: LazySettings
) -> None:
    settings.OUTGOING_HOSTS = ["*"]
    with http.Client() as client, pytest.raises((http.RefusedError, http.FailedError)):
        client.get(f"https://{host}/")


@pytest.mark.parametrize("url", ODD)
def test_only_https_to_the_hosts_of_settings_is_asked(url: str) -> None:
    with http.Client() as client, pytest.raises(http.RefusedError):
        client.get(url)


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.1.2.3", "::1", "::ffff:169.254.169.254"])
def test_a_name_that_leads_inside_is_refused_even_beside_a_public_address(
    inside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("8.8.8.8", inside)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: found)
    with pytest.raises(http.RefusedError, match="private network"):
        http.check("https://api.pipedrive.com/")


@pytest.mark.parametrize("address", OPEN)
def test_a_public_address_is_one(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: found)
    http.check("https://api.pipedrive.com/")


def test_this_machine_is_asked_only_where_settings_allow_it(
    canary: tuple[str, list[str]], settings: LazySettings
) -> None:
    url, seen = canary
    with http.Client(hosts=["*"]) as client:
        with pytest.raises(http.RefusedError):
            client.get(url)
        assert seen == []
        settings.OUTGOING_LOOPBACK = True
        assert client.get(url).body == b"whole"


def test_a_redirect_is_not_followed(canary: tuple[str, list[str]], settings: LazySettings) -> None:
    settings.OUTGOING_LOOPBACK = True
    url, seen = canary
    with http.Client() as client:
        assert client.get(f"{url}/redirect").status == 302
    assert seen == ["/redirect"]


@pytest.mark.parametrize("path", ["large", "bomb"])
def test_an_answer_that_is_too_large_is_not_taken_in(
    path: str, canary: tuple[str, list[str]], settings: LazySettings
) -> None:
    settings.OUTGOING_LOOPBACK = True
    with http.Client(most_bytes=200_000) as client, pytest.raises(http.TooLargeError):
        client.get(f"{canary[0]}/{path}")


@pytest.mark.parametrize(
    ("path", "says"), [("cut", "middle"), ("unpacked", "packed"), ("trickle", "longer")]
)
def test_an_answer_that_is_not_whole_in_time_is_none(
    path: str, says: str, canary: tuple[str, list[str]], settings: LazySettings
) -> None:
    settings.OUTGOING_LOOPBACK = True
    began = time.monotonic()
    with http.Client(deadline=0.5) as client, pytest.raises(http.FailedError, match=says):
        client.get(f"{canary[0]}/{path}")
    assert time.monotonic() - began < 3


def test_a_packed_answer_is_unpacked(canary: tuple[str, list[str]], settings: LazySettings) -> None:
    settings.OUTGOING_LOOPBACK = True
    with http.Client() as client:
        assert client.get(f"{canary[0]}/packed").body == b"a" * 1000
