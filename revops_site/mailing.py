"""The mail server that settings name, as Django wants to be told of it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured

BACKEND = "django.core.mail.backends.smtp.EmailBackend"
HERE = {"localhost", "127.0.0.1", "::1"}
WAYS = {"starttls", "tls", "none"}
TLS_PORT = 465


def mail_server(host: str, port: int, user: str, password: str, security: str) -> dict[str, Any]:
    """The settings of a server; empty where no ``host`` is given.

    Without a word on ``security`` the line is kept from others, unless the server is on this
    machine. ImproperlyConfigured where password and line do not fit together.
    """
    if not host:
        return {}
    way = security.lower() or _usual(host, port)
    if way not in WAYS:
        raise ImproperlyConfigured("SMTP_SECURITY is one of starttls, tls and none.")
    if bool(user) != bool(password):
        raise ImproperlyConfigured("SMTP_USERNAME and SMTP_PASSWORD are given both, or neither.")
    if password and way == "none" and host not in HERE:
        raise ImproperlyConfigured(
            "SMTP_PASSWORD would be sent for everybody to read: set SMTP_SECURITY to starttls or "
            "tls."
        )
    return {
        "EMAIL_BACKEND": BACKEND,
        "EMAIL_HOST": host,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": password,
        "EMAIL_USE_TLS": way == "starttls",
        "EMAIL_USE_SSL": way == "tls",
    }


def _usual(host: str, port: int) -> str:
    if port == TLS_PORT:
        return "tls"
    return "none" if host in HERE else "starttls"
