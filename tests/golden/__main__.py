"""Runs a folder of worked examples: ``python -m tests.golden DIR [--families a,b]``.

Exit code 0 when none failed and each named family ran, 1 otherwise, 2 when the folder cannot be
read. The examples meet a database of their own, which is removed afterwards.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import django

from tests.golden import files


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    asked = _parser().parse_args(arguments)
    families = [name.strip() for name in asked.families.split(",") if name.strip()]
    try:
        goldens = files.read(asked.folder)
    except files.UnreadableError as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    if families:
        goldens = [golden for golden in goldens if golden.family in families]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "revops_site.settings")
    django.setup()
    from tests.golden import run

    with _scratch_database():
        outcomes = [run.judge(golden) for golden in goldens]
    text, well = run.report(outcomes, families)
    sys.stdout.write(f"{text}\n")
    return 0 if well else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.golden", description="Runs a folder of worked examples."
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--families", default="", help="only these, separated by commas")
    return parser


@contextmanager
def _scratch_database() -> Iterator[None]:
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    connection.settings_dict["TEST"]["NAME"] = f"goldens_{os.getpid()}"
    made = setup_databases(verbosity=0, interactive=False, serialized_aliases=())
    try:
        yield
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
