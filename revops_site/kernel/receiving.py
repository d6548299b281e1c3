"""Uploads on their way in: none from whom it is not for, too large, or filling the disk."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from revops_site.kernel.permissions import may

ROOM = 2  # so many times its size has to be free: it lies here twice until it is kept
MEBIBYTE = 1 << 20
REFUSED = "refused_upload"


class Limited(FileUploadHandler):
    """Stands before the handlers that keep what comes in; ``why_refused`` tells the view."""

    def handle_raw_input(  # type: ignore[override]
        self,
        input_data: Any,
        META: Any,  # noqa: N803
        content_length: int,
        boundary: bytes,
        encoding: str | None = None,
    ) -> None:
        """Look at who sends it and how much is announced, before any of it is read."""
        self._is_welcome = self.request is not None and may(_sender(self.request), "load data")
        self._problem = trouble(content_length) if self._is_welcome else ""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Stop before the first byte of a file that may not come in.

        The rest is read past, so that whoever may send files gets a page that says why; of others
        nothing more is read. A request is parsed before any view, or the check of its token, can
        look at who it is.
        """
        super().new_file(*args, **kwargs)
        if not self._is_welcome:
            raise StopUpload(connection_reset=True)
        if self._problem:
            setattr(self.request, REFUSED, self._problem)
            raise StopUpload(connection_reset=False)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Leave the bytes to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


def _sender(request: HttpRequest) -> Any:
    """Who is signed in: a program by its token, anybody else by their session."""
    return getattr(request, "user", None) or get_user(request)


def why_refused(request: HttpRequest) -> str:
    """Why a file of this request was not taken, as a sentence; empty where none was refused."""
    return str(getattr(request, REFUSED, ""))


def trouble(size: int, folder: Path | None = None) -> str:
    """Why so many bytes cannot be taken, as a sentence; empty where they can."""
    most = settings.UPLOAD_MAX_BYTES
    if size > most:
        return f"The file is larger than {most // MEBIBYTE:,} MB, which is the most that is taken."
    places = (folder or Path(settings.FILE_UPLOAD_TEMP_DIR), settings.VAR, *settings.VAR.parents)
    there = next(one for one in places if one.exists())
    if shutil.disk_usage(there).free < ROOM * size:
        return "There is not enough room on the disk for this file. Ask your administrator."
    return ""
