"""A mail server for this machine alone, which keeps what it is given in a folder and sends nothing.

``python -m revops_site.sink --port 2525 --folder var/mail``. A message is on the disk before it is
acknowledged, one file each, named by when it came.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from revops_site.kernel import clock

HOST = "127.0.0.1"
MOST_BYTES = 1024 * 1024
MOST_KEPT = 2_000
TOO_MANY = "452 4.5.3 One recipient a message"


class Keeper:
    """What the server does with a message: it keeps it, the newest ``MOST_KEPT`` of all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for half in folder.glob("*.new"):
            half.unlink()

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """One recipient a message, as the product promises."""
        if envelope.rcpt_tos:
            return TOO_MANY
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the message; acknowledged once it cannot be lost any more."""
        content = envelope.content or b""
        whole = content if isinstance(content, bytes) else content.encode()
        self.keep(whole, str(envelope.mail_from), [str(one) for one in envelope.rcpt_tos])
        return "250 2.0.0 Kept"

    def keep(self, whole: bytes, sender: str, to: list[str]) -> None:
        """Write one message, whole or not at all."""
        at = clock.now()
        name = f"{at:%Y%m%dT%H%M%S%f}-{os.urandom(4).hex()}"
        read = message_from_bytes(whole, policy=default)
        told: dict[str, Any] = {"at": at.isoformat(), "from": sender, "to": to}
        told |= {"subject": str(read["Subject"] or ""), "message_id": str(read["Message-ID"] or "")}
        head = json.dumps(told, ensure_ascii=True).encode()
        new = self.folder / f"{name}.new"
        with new.open("wb") as file:
            file.write(head + b"\n" + whole)
            file.flush()
            os.fsync(file.fileno())
        new.rename(self.folder / f"{name}.mail")
        kept = sorted(self.folder.glob("*.mail"))
        for old in kept[: max(0, len(kept) - MOST_KEPT)]:
            old.unlink(missing_ok=True)


async def serve(port: int, folder: Path) -> None:
    """Serve on this machine's own address until SIGTERM or SIGINT; a port of the
    system's choice (0) is told at once.
    """
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    keeper = Keeper(folder)
    server = await loop.create_server(lambda: door(keeper), host=HOST, port=port)
    async with server:
        if not port:
            sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
            sys.stdout.flush()
        await over.wait()


def door(keeper: Keeper) -> SMTP:
    """What one who calls talks to."""
    return SMTP(keeper, hostname="localhost", data_size_limit=MOST_BYTES, timeout=60)


def main() -> None:
    """Read the command line, and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(given.port, given.folder))


if __name__ == "__main__":
    main()
