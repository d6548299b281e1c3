"""Addresses of mail: of one person each, as servers take them, at domains that settings allow."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from django.conf import settings

LONGEST, LONGEST_LOCAL, LONGEST_DOMAIN = 254, 64, 253
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LOCAL = re.compile(rf"{ATOM}(?:\.{ATOM})*\Z")
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")


class BadAddressError(ValueError):
    """Why a text is no address that mail may go to, in a sentence."""


def checked(text: str) -> str:
    """The address in the form that servers take: its domain in lower case and ASCII.

    BadAddressError where it is none, or more than one. Quoted names, comments and addresses of
    machines by number, which no customer has, are none.
    """
    if not text.isprintable():
        raise BadAddressError("The address has a line break or a sign that cannot be seen.")
    found = text.strip()
    local, at, domain = found.partition("@")
    if not at or "@" in domain:
        raise BadAddressError("One address is needed, such as pat@example.com.")
    if len(local) > LONGEST_LOCAL or not LOCAL.match(local):
        raise BadAddressError("What stands before the @ is no mailbox that every server takes.")
    name = _ascii(domain)
    if len(local) + 1 + len(name) > LONGEST:
        raise BadAddressError("The address is longer than an address can be.")
    return f"{local}@{name}"


def plain(text: str) -> str:
    """An address as it is compared: capitals do not count; "" of what is no address."""
    try:
        return checked(text).lower()
    except BadAddressError:
        return ""


def is_allowed(address: str) -> bool:
    """Whether mail may go to the domain of a checked address, by ``MAIL_DOMAINS``."""
    patterns = settings.MAIL_DOMAINS
    domain = address.rpartition("@")[2]
    return not patterns or any(fnmatchcase(domain, one.lower()) for one in patterns)


def _ascii(domain: str) -> str:
    try:
        name = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise BadAddressError("What stands after the @ is no domain.") from None
    labels = name.split(".")
    if len(labels) < 2 or len(name) > LONGEST_DOMAIN or labels[-1].isdecimal():
        raise BadAddressError("What stands after the @ is no domain.")
    if not all(LABEL.match(label) for label in labels):
        raise BadAddressError("What stands after the @ is no domain.")
    return name
