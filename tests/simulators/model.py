#!/usr/bin/env python3
"""A language model's server that answers as it is told to: well, with lies, with markup, or not.

Standard library only. It speaks as OpenAI does (POST …/chat/completions). In a test: ``Model()``;
to try by hand: ``python tests/simulators/model.py --port 8902 --mode obey``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sim-model-key-canary"
MODES = [
    "obey",
    "lies",
    "numbers",
    "html",
    "foreign",
    "denied",
    "hang",
    "trickle",
    "limited",
    "refused",
    "broken",
    "garbage",
    "list",
    "large",
    "redirect",
    "nothing",
    "deep",
    "say",
]
WORDS = {"end_user": "end user", "compliance": "certificate", "next_step": "next", "risk": "risk"}


class Model:
    """A server on this machine; ``mode`` says how it answers, ``asked`` what it was asked."""

    def __init__(self, mode: str = "obey", port: int = 0) -> None:
        self.mode = mode
        self.says = "{}"  # its very answer in mode "say"
        self.asked: list[dict[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        handler = type("Here", (_Handler,), {"model": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """What LLM_URL is to be."""
        return f"http://127.0.0.1:{self.server.server_port}/v1"

    def close(self) -> None:
        """Stop it."""
        self.server.shutdown()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    model: Model

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.model.asked.append(body)
        self.model.headers.append({name.lower(): said for name, said in self.headers.items()})
        status = {"limited": 429, "refused": 401, "broken": 500, "redirect": 302}
        match mode := self.model.mode:
            case "hang":
                time.sleep(30)
            case "trickle":
                self._trickle()
            case "large":
                self._say(200, b" " * 5_000_000)
            case "garbage":
                self._say(200, b"<!DOCTYPE html><h1>It works</h1>")
            case "deep":
                self._say(200, b"[" * 60_000)
            case "list":
                self._answer("[1, 2]")
            case mode if mode in status:
                self._say(status[mode], b"no")
            case "say":
                self._answer(self.model.says)
            case _ if "facts" in (given := json.loads(body["messages"][1]["content"])):
                facts = given["facts"].items()
                self._answer(json.dumps({name: _worded(mode, one) for name, one in facts}))
            case _:
                notes = json.loads(body["messages"][1]["content"])["notes"]
                self._answer(json.dumps({"findings": _findings(mode, notes)}))

    def _answer(self, content: str) -> None:
        told = {"choices": [{"message": {"role": "assistant", "content": content}}]}
        self._say(200, json.dumps(told).encode())

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if status == 302:
            self.send_header("location", "http://127.0.0.1:1/")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _trickle(self) -> None:
        """A byte of the headers now and then."""
        try:
            for sign in b"HTTP/1.1 200 OK\r\nx-slow: " + b"z" * 500:
                self.wfile.write(bytes([sign]))
                time.sleep(0.1)
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:
        return


def _worded(mode: str, fact: str) -> Any:
    """A sentence in the model's words."""
    match mode:
        case "lies" | "numbers":
            return re.sub(r"[0-9]+", lambda at: str(int(at[0]) + 1), fact)
        case "html":
            return f"<img src=x onerror=alert(1)>{fact} [go](https://evil.example/)"
        case "foreign":
            return f"{fact} Cy Chen-CANARY won 77,777."
        case "denied":
            return f"It is not so that {fact}"
        case "nothing":
            return None
    return f"In short: {fact}"


def _findings(mode: str, notes: list[dict[str, str]]) -> list[Any]:
    """What the model says of each topic that a word of it is written of."""
    if mode == "nothing":
        return []
    found = []
    for topic, word in WORDS.items():
        for note in notes:
            parts = re.split(r"(?<=[.!?])\s+|\n", note["text"])
            quote = next((one for one in parts if word in one.casefold()), "")
            if quote:
                found.append(_finding(mode, topic, quote, note["id"]))
                break
    return [*found, None, 7, {"topic": "price", "says": "x", "quote": "x", "note": "n1"}]


def _finding(mode: str, topic: str, quote: str, note: str) -> dict[str, Any]:
    says = quote.strip(" .")[:110]
    match mode:
        case "lies":
            quote = "The customer signed for five years without a discount"
        case "numbers":
            says = "risk worth 5,000,000"
        case "html":
            says = "<img src=x onerror=alert(1)> [go](https://evil.example/)"
        case "foreign":
            says = "end user is Initech-CANARY"
        case "denied":
            says = re.sub(r"\bnot ", "", says)
    return {"topic": topic, "says": says, "quote": quote, "note": note}


def main() -> None:
    """Run it until it is stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8902)
    parser.add_argument("--mode", choices=MODES, default="obey")
    given = parser.parse_args()
    sys.stdout.write(f"LLM_URL={Model(given.mode, given.port).url} LLM_API_KEY={KEY}\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main()
