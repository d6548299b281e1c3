"""A letter to one person as a message whose headers are those that were meant, and no others."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from django.conf import settings

from revops_site.kernel.mail.addresses import BadAddressError, checked

LONGEST_SUBJECT = 200
LONGEST_TEXT = 10_000
LONGEST_NAME = 120
MOST_BYTES = 64 * 1024
BY_THE_LIBRARY = {"Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
MORE = {"List-Unsubscribe", "List-Unsubscribe-Post"}


class BadLetterError(ValueError):
    """Why a letter cannot be sent as it is, in a sentence."""


@dataclass(frozen=True)
class Letter:
    """What goes to one person: plain text, from the product's own address in somebody's name.

    ``more`` are further headers, of those that ``MORE`` names.
    """

    to: str
    to_name: str
    from_name: str
    reply_to: str
    subject: str
    text: str
    message_id: str
    at: datetime
    more: Mapping[str, str] = field(default_factory=dict)


def sender() -> str:
    """The product's own address, which all mail comes from; BadAddressError where it is none."""
    return checked(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])


def message_id() -> str:
    """A name for a message that nobody gave another one, and nobody will."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{uuid.uuid4()}@{domain}>"


def composed(letter: Letter) -> bytes:
    """The message as it goes out; BadLetterError or BadAddressError where that must not be.

    What was put together is read again: it has to have the headers that were meant, each once.
    """
    if len(letter.text) > LONGEST_TEXT:
        raise BadLetterError(f"The text is longer than {LONGEST_TEXT:,} characters.")
    if not letter.text.strip() or not letter.subject.strip():
        raise BadLetterError("A mail needs a subject and a text.")
    headers: dict[str, str | Address] = {
        "From": _mailbox(letter.from_name, sender()),
        "To": _mailbox(letter.to_name, checked(letter.to)),
        "Subject": _line(letter.subject, LONGEST_SUBJECT),
        "Date": format_datetime(letter.at),
        "Message-ID": _line(letter.message_id, 200),
    }
    if letter.reply_to:
        headers["Reply-To"] = _mailbox(letter.from_name, checked(letter.reply_to))
    for name, value in letter.more.items():
        if name not in MORE:
            raise BadLetterError(f"No mail has a header {name} of ours.")
        headers[name] = _line(value, 900)
    message = EmailMessage(policy=SMTP)
    for name, header in headers.items():
        message[name] = header
    message.set_content(_text(letter.text), cte="quoted-printable")
    found = message.as_bytes()
    _insist(found, {*headers, *BY_THE_LIBRARY}, letter)
    return found


def _mailbox(name: str, address: str) -> Address:
    shown = "".join(one for one in name if one.isprintable() and one not in '<>"@,;:\\').strip()
    return Address(display_name=shown[:LONGEST_NAME], addr_spec=address)


def _line(text: str, longest: int) -> str:
    if not text.isprintable():
        raise BadLetterError("A header has a line break or a sign that cannot be seen.")
    if len(text) > longest:
        raise BadLetterError(f"A header is longer than {longest:,} characters.")
    return text


def _text(text: str) -> str:
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(not one.isprintable() and one not in "\n\t" for one in kept):
        raise BadLetterError("The text has signs that cannot be seen.")
    return kept.rstrip() + "\n"


def _insist(found: bytes, names: set[str], letter: Letter) -> None:
    read = BytesHeaderParser(policy=SMTP).parsebytes(found)
    if len(found) > MOST_BYTES:
        raise BadLetterError("The message is larger than a mail of ours may be.")
    if sorted(read.keys()) != sorted(names):
        raise BadLetterError("The message would have other headers than were meant.")
    to = read["To"].addresses
    if [one.addr_spec for one in to] != [checked(letter.to)]:
        raise BadAddressError("The message would go to somebody else, too.")
