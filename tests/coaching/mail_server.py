"""A real mail server on this machine, which can be as slow and as odd as real ones are."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

from aiosmtpd.smtp import SMTP, Envelope, Session

logging.getLogger("mail.log").setLevel(logging.WARNING)  # not every word of every dialogue


@dataclass
class Server:
    """What it took, in turn; an address's first word says what is odd about its mailbox.

    ``gone@`` is refused for good, ``grey@`` for the first time, ``odd@`` after the text, ``deaf@``
    takes the mail and says nothing any more.
    """

    delay: float = 0.0
    host: str = "127.0.0.1"
    port: int = 0
    took: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if envelope.rcpt_tos:
            return "452 One recipient a message"
        self.asked[address] += 1
        if address.startswith("gone"):
            return "550 5.1.1 No such user here"
        if address.startswith("grey") and self.asked[address] == 1:
            return "451 4.7.1 Greylisted, come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        (to,) = envelope.rcpt_tos
        if to.startswith("odd"):
            return "554 5.7.1 This looks like spam"
        await asyncio.sleep(self.delay / 2)
        read = message_from_bytes(cast("bytes", envelope.content), policy=default)
        self.took.append(read)
        self.recipients.append(to)
        await asyncio.sleep(self.delay / 2)
        if to.startswith("deaf") and server.transport is not None:
            server.transport.close()
        return "250 OK"

    @property
    def names(self) -> Counter[str]:
        """How often it took each message, by its Message-ID."""
        return Counter(str(one["Message-ID"]) for one in self.took)


@contextmanager
def serving(delay: float = 0.0) -> Iterator[Server]:
    """A server for as long as the block lasts, in a thread of its own."""
    server, loop = Server(delay), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    door = asyncio.run_coroutine_threadsafe(_open(server), loop).result(20)
    server.port = door.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(_close(door), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()


async def _open(server: Server) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: SMTP(server, hostname="test"), server.host, 0)


async def _close(door: asyncio.Server) -> None:
    door.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for one in others:
        one.cancel()
    await asyncio.gather(*others, return_exceptions=True)
