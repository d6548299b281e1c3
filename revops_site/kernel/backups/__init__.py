"""Backups: all that the product knows, encrypted, put back and compared row by row."""

from revops_site.kernel.backups.errors import BackupError
from revops_site.kernel.backups.making import make, newest
from revops_site.kernel.backups.records import State, run, state
from revops_site.kernel.backups.restoring import restore
from revops_site.kernel.backups.settling import settle
from revops_site.kernel.backups.verifying import verify

__all__ = ["BackupError", "State", "make", "newest", "restore", "run", "settle", "state", "verify"]
