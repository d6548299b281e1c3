"""What cannot be done with an upload, told to who asked for it."""

from __future__ import annotations


class RefusedError(ValueError):
    """Why something cannot be done, in a sentence."""
