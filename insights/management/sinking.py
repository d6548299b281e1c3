"""The demo's own mail server beside the product: it keeps what it is given, and sends nothing."""

from __future__ import annotations

import os
import socket
import sys

from django.conf import settings

from revops_site.launcher import Child
from revops_site.sink import HOST


def mail_sink() -> Child | None:
    """The server as a program, which web server and worker are told of; None where settings name
    another one.
    """
    if os.environ.get("SMTP_HOST") or os.environ.get("EMAIL_URL"):
        return None
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = str(probe.getsockname()[1])
    os.environ.update(SMTP_HOST=HOST, SMTP_PORT=port, SMTP_SECURITY="none")
    command = [sys.executable, "-m", "revops_site.sink", "--port", port]
    return Child("mail sink", [*command, "--folder", str(settings.MAIL_SINK)])
