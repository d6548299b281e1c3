"""The pretend company's files, made once for all tests that read them."""

from __future__ import annotations

import hashlib
import io
import tempfile
from functools import lru_cache
from pathlib import Path

import pandas as pd
from django.core.management import call_command

from insights.samples import FILES

NAMES = [file.name for file in FILES]
KEPT = tempfile.TemporaryDirectory(prefix="revops-generated-")


def generate(folder: Path, **options: object) -> Path:
    """Call the command as a program would; nothing is printed."""
    call_command("generate", output=str(folder), stdout=io.StringIO(), **options)
    return folder


@lru_cache(maxsize=1)
def company() -> Path:
    """The files of the default company."""
    return generate(Path(KEPT.name, "S"))


def read(folder: Path, name: str, *days: str) -> pd.DataFrame:
    """A file as a frame, with these columns as days."""
    return pd.read_csv(folder / f"{name}.csv", parse_dates=list(days))


def hashes(folder: Path) -> dict[str, str]:
    """What tells two runs apart: a hash of each file's bytes, by dataset."""
    return {p.stem: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}
