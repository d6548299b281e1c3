"""Hands a message to the mail server, and says what is known of its end: four outcomes, no others.

A server may have a message whose acceptance nobody heard of: that is ``UNKNOWN``, and for people to
decide. ``LATER`` is said only where the server surely has not taken it.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import SMTP
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

END_SECONDS = 60  # for the answer to a message: by then others are patient for minutes
MOST_SAID = 300
DOT = re.compile(rb"(?m)^\.")


class Outcome(StrEnum):
    """What became of a message that was handed over."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    LATER = "later"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Answer:
    """An outcome with its ``reason`` in plain words; ``said`` is what the server said, if it did.

    ``is_down`` says that the server serves nobody at present: others need not try now either.
    """

    outcome: Outcome
    reason: str = ""
    said: str = ""
    is_down: bool = False


ACCEPTED = Answer(Outcome.ACCEPTED)
DOWN = "The mail server could not be reached."
ODD = "The mail server answered as no mail server does."
LOST = "The line broke before the mail server said whether it took the mail."
WHERE = {
    "hello": "The mail server does not talk to us at present",
    "login": "The mail server does not take our user name and password",
    "sender": "The mail server does not take mail from our address",
    "recipient": "The mail server does not take mail for this address",
    "content": "The mail server does not take this mail",
}


def hand_over(message: bytes, sender: str, to: str) -> Answer:
    """Give one message for one recipient to the server of the settings; never raises for its end.

    To be called by jobs, outside of transactions, after it was written down that it will be tried.
    """
    backend = get_connection(timeout=settings.EMAIL_TIMEOUT)
    if not isinstance(backend, EmailBackend):
        return _elsewhere(backend, message, sender, to)
    try:
        failed = _called(backend)
        if failed is not None or backend.connection is None:
            return failed or Answer(Outcome.LATER, DOWN, is_down=True)
        return _talk(backend.connection, message, sender, to)
    finally:
        _hang_up(backend.connection)


def _called(backend: EmailBackend) -> Answer | None:
    """Open the line; why not, where that failed."""
    try:
        backend.open()
    except smtplib.SMTPAuthenticationError as error:
        return Answer(Outcome.LATER, f"{WHERE['login']}.", _said(error.smtp_error), is_down=True)
    except smtplib.SMTPResponseException as error:
        return Answer(Outcome.LATER, f"{WHERE['hello']}.", _said(error.smtp_error), is_down=True)
    except (OSError, smtplib.SMTPException, ssl.SSLError) as error:
        return Answer(Outcome.LATER, DOWN, _said(str(error)), is_down=True)
    return None


def _talk(line: smtplib.SMTP, message: bytes, sender: str, to: str) -> Answer:
    orders = (
        ("sender", "mail", f"FROM:<{sender}>", {250}),
        ("recipient", "rcpt", f"TO:<{to}>", {250, 251}),
        ("content", "data", "", {354}),
    )
    try:
        line.ehlo_or_helo_if_needed()
        for where, order, given, right in orders:
            code, said = line.docmd(order, given)
            if code not in right:
                return _refusal(where, code, said, began=False)
    except (OSError, smtplib.SMTPException) as error:
        return Answer(Outcome.LATER, DOWN, _said(str(error)), is_down=True)
    try:
        if line.sock is not None:
            line.sock.settimeout(END_SECONDS)
        line.send(DOT.sub(b"..", message.rstrip(b"\r\n")) + b"\r\n.\r\n")
        code, said = line.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Answer(Outcome.UNKNOWN, LOST, _said(str(error)))
    return ACCEPTED if code == 250 else _refusal("content", code, said, began=True)


def _refusal(where: str, code: int, said: bytes, *, began: bool) -> Answer:
    """``began`` says that the server has the message, so that an odd answer tells nothing."""
    if 500 <= code < 600:
        return Answer(Outcome.REFUSED, f"{WHERE[where]}.", _said(said, code))
    if 400 <= code < 500:
        is_down = code == 421
        return Answer(Outcome.LATER, f"{WHERE[where]} now.", _said(said, code), is_down=is_down)
    return Answer(Outcome.UNKNOWN if began else Outcome.LATER, ODD, _said(said, code))


def _said(said: bytes | str, code: int | None = None) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    shown = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return f"{code or ''} {shown}".strip()[:MOST_SAID]


def _hang_up(line: smtplib.SMTP | None) -> None:
    """Say good-bye where somebody listens; what was said before stands in any case."""
    if line is None:
        return
    try:
        if line.sock is not None:
            line.sock.settimeout(2)
            line.quit()
    except (OSError, smtplib.SMTPException):
        line.close()


class _Ready(mail.EmailMessage):
    """A message that is put together already, as Django's backends take it."""

    def __init__(self, whole: bytes, sender: str, to: str) -> None:
        self.whole = whole
        read = message_from_bytes(whole, policy=SMTP)
        text = read.get_body(("plain",)) if read.is_multipart() else read
        said = str(text.get_content()) if text is not None else ""
        super().__init__(str(read["Subject"]), said, sender, [to])

    def message(self, *, policy: Any = None) -> Any:
        """The very message."""
        return message_from_bytes(self.whole, policy=SMTP)


def _elsewhere(backend: BaseEmailBackend, message: bytes, sender: str, to: str) -> Answer:
    """By one of Django's other ways: the console, a file, or this process's memory."""
    try:
        backend.send_messages([_Ready(message, sender, to)])
    except OSError as error:
        return Answer(Outcome.UNKNOWN, LOST, _said(str(error)))
    return ACCEPTED
