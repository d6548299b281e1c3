"""What somebody types as a company's address, as the one address that is asked."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings

from insights.actions.connecting.refusals import RefusedError
from pipeline.sources import OUTLINES
from revops_site.kernel import http

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
LONGEST = 200
LOCAL = {"127.0.0.1", "localhost"}
WRONG = "Enter your company’s address as you see it in the browser, such as yourcompany.{home}."


def base_url(source: str, text: str) -> str:
    """The address of a company, of its short name or of any address of its pages.

    RefusedError where it is another service's: a token goes to whom it belongs to alone.
    """
    home, text = OUTLINES[source].HOME, text.strip()
    wrong = RefusedError({"company": WRONG.format(home=home)})
    if not text or len(text) > LONGEST:
        raise wrong
    if NAME.fullmatch(text):
        text = f"{text}.{home}"
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        raise wrong from None
    if settings.OUTGOING_LOOPBACK and parts.scheme == "http" and host in LOCAL:
        return f"http://{host}:{port}" if port else f"http://{host}"
    bare = host.removesuffix(f".{home}")
    if parts.scheme != "https" or port not in {None, 443} or bare == host or parts.username:
        raise wrong
    found = f"https://{host}"
    try:
        http.check(found)
    except http.RefusedError as error:
        raise RefusedError({"company": str(error)}) from None
    except http.FailedError:
        raise RefusedError({"company": f"There is no {host}. Look at how it is spelled."}) from None
    return found
