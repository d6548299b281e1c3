"""What must not be guessed, seen or forgotten: the secret key, folders, the names of hosts."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SHORTEST, SHORTEST_TOKEN = 50, 32
FEWEST_DIFFERENT = 8
KNOWN = ("django-insecure", "replace-me", "change-me", "changeme", "secret", "insecure")
HOW = (
    'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))" '
    "and set SECRET_KEY to it."
)


def refuse_weak_key(key: str) -> str:
    """The key itself; ImproperlyConfigured with a remedy where it is missing, short or known."""
    if not key:
        raise ImproperlyConfigured(f"SECRET_KEY is not set. {HOW}")
    if len(key) < SHORTEST or len(set(key)) < FEWEST_DIFFERENT:
        raise ImproperlyConfigured(f"SECRET_KEY is too short or too plain to be a secret. {HOW}")
    if any(word in key.lower() for word in KNOWN):
        raise ImproperlyConfigured(f"SECRET_KEY is a placeholder that everybody knows. {HOW}")
    return key


def refuse_short_token(token: str) -> str:
    """The token itself, or none; ImproperlyConfigured where it could be guessed."""
    if token and (len(token) < SHORTEST_TOKEN or len(set(token)) < FEWEST_DIFFERENT):
        raise ImproperlyConfigured(
            f"METRICS_TOKEN is too short or too plain: make one of {SHORTEST_TOKEN} or more "
            'characters with python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
        )
    return token


def refuse_missing_hosts(hosts: list[str]) -> list[str]:
    """The hosts themselves; ImproperlyConfigured where no name was given, or any will do."""
    if "*" in hosts:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS must name the hosts: with * the links in mails could be forged."
        )
    if not any(hosts):
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS is not set. Name the hosts that people reach this service by, "
            "for instance ALLOWED_HOSTS=revops.example.com"
        )
    return hosts


def private_folder(path: Path) -> Path:
    """The same path, of a folder for this product's eyes alone where one can be made there."""
    with contextlib.suppress(OSError):  # the checks at the start say that there is none
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def demo_key(folder: Path) -> str:
    """The demo's key, made on its first start and readable by nobody else."""
    path = folder / "demo-secret-key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        new = folder / f"demo-secret-key.{os.getpid()}"
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        # Whoever comes first gives the file its name; the others read that one.
        try:
            os.link(new, path)
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return path.read_text().strip()
