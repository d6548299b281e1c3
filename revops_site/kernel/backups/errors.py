"""What can go wrong with a backup, in words for whoever runs the service."""

from __future__ import annotations


class BackupError(Exception):
    """A backup could not be made, read or put back; the text says why and what to do."""
