"""Secrets of others at rest: sealed before they are stored, opened where they are used."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"revops secrets at rest"


class BrokenSealError(Exception):
    """What was sealed with keys that are not known any more."""

    def __init__(self) -> None:
        super().__init__(
            "The stored token cannot be read: the keys of this installation were changed. "
            "Enter the token again."
        )


def seal(text: str) -> str:
    """A secret as it may be stored, by the newest key."""
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret that was sealed; BrokenSealError where no key of now fits."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise BrokenSealError from None


def resealed(sealed: str) -> str:
    """The same secret, sealed by the newest key; BrokenSealError where no key of now fits."""
    try:
        return _keys().rotate(sealed.encode()).decode()
    except InvalidToken:
        raise BrokenSealError from None


def _keys() -> MultiFernet:
    """The keys, newest first: those that settings name, else one made of the secret key."""
    return MultiFernet([Fernet(_derived(key)) for key in settings.SEALING_KEYS])


def _derived(key: str) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return base64.urlsafe_b64encode(made)
