"""Uploads on their way in: none is taken that is too large or that would fill the disk."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

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
        """Look at how much is announced, before any of it is read."""
        self._problem = trouble(content_length)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Stop before the first byte of a file that may not come in; the rest is read past."""
        super().new_file(*args, **kwargs)
        if self._problem:
            setattr(self.request, REFUSED, self._problem)
            raise StopUpload(connection_reset=False)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Leave the bytes to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


def why_refused(request: HttpRequest) -> str:
    """Why a file of this request was not taken, as a sentence; empty where none was refused."""
    return str(getattr(request, REFUSED, ""))


def trouble(size: int, folder: Path | None = None) -> str:
    """Why so many bytes cannot be taken, as a sentence; empty where they can."""
    most = settings.UPLOAD_MAX_BYTES
    if size > most:
        return f"The file is larger than {most // MEBIBYTE:,} MB, which is the most that is taken."
    there = next(one for one in (folder or settings.VAR, *settings.VAR.parents) if one.exists())
    if shutil.disk_usage(there).free < ROOM * size:
        return "There is not enough room on the disk for this file. Ask your administrator."
    return ""
