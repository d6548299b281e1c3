"""``manage.py generate``: the pretend company's files, the same bytes for the same seed and day."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import IO, Any

import pandas as pd
from django.core.management.base import BaseCommand, CommandError, CommandParser

from insights.samples import FILES
from revops_site.kernel.world import AS_OF, SEED, World, csvtext
from revops_site.kernel.world.files import File
from revops_site.kernel.world.sizes import SIZES

CANNOT_WRITE = 2
NAMES = [file.name for file in FILES]


class Command(BaseCommand):
    """Write the pretend company's files."""

    help = (
        "Write the CSV files of a pretend company (docs/demo-company.md) into a folder, in place of"
        " files of the same name. The same seed, size and day give the same bytes."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, which seed, which size, which day, which files."""
        parser.add_argument(
            "--output", required=True, metavar="DIR", help="made if it is not there"
        )
        parser.add_argument("--seed", type=int, default=SEED, help=f"0 or above; default {SEED}")
        parser.add_argument(
            "--size",
            choices=SIZES,
            default="S",
            help="S (default): 2,700 deals; M: 200,000; L: 2,000,000",
        )
        parser.add_argument(
            "--as-of",
            default=AS_OF.isoformat(),
            metavar="DATE",
            help=f"the last day that the files tell of, as 2026-06-30; default {AS_OF}",
        )
        parser.add_argument(
            "--only",
            nargs="+",
            choices=NAMES,
            metavar="DATASET",
            help=f"write these alone: {', '.join(NAMES)}",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write all files aside, then put them in place, then say what was written."""
        try:
            world = World(options["seed"], _day(options["as_of"]), options["size"])
        except ValueError as error:
            raise CommandError(str(error), returncode=CANNOT_WRITE) from error
        names = [name for name in NAMES if name in (options["only"] or NAMES)]
        folder = Path(options["output"]).expanduser().resolve()
        try:
            rows = _write(folder, names, world)
        except (FileExistsError, NotADirectoryError) as error:
            raise CommandError(f"{folder} is not a folder.", returncode=CANNOT_WRITE) from error
        except OSError as error:
            raise CommandError(f"Cannot write: {error}", returncode=CANNOT_WRITE) from error
        for name in names:
            self.stdout.write(f"{folder / name}.csv: {rows[name]:,} rows")


def _day(given: str | date) -> date:
    try:
        return date.fromisoformat(str(given))
    except ValueError as error:
        raise ValueError(f"--as-of takes a date such as {AS_OF}, not {given!r}") from error


def _write(folder: Path, names: list[str], world: World) -> dict[str, int]:
    """Write all files aside, then put each in place at once: no reader finds half a file.

    Gives the rows of each. A shard's rows are written before the next shard is thought of.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = dict.fromkeys(names, 0)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".generate-") as aside:
        with ExitStack() as open_files:
            files: dict[str, IO[str]] = {
                name: open_files.enter_context(
                    Path(aside, f"{name}.csv").open("w", encoding="utf-8", newline="")
                )
                for name in names
            }
            for shard in world.shards:
                for name, frame in _frames(names, shard):
                    if not shard.shard:
                        files[name].write(csvtext.header(frame))
                    csvtext.write(frame, files[name])
                    rows[name] += len(frame)
        for name in names:
            os.replace(Path(aside, f"{name}.csv"), folder / f"{name}.csv")
    return rows


def _frames(names: list[str], shard: World) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each wanted file's rows of the shard; a frame is kept while others are made from it."""
    needed = _with_parents(names)
    kept: dict[str, pd.DataFrame] = {}
    for place, file in enumerate(needed):
        if file.once and shard.shard:
            continue
        frame = file.make(shard, *(kept[parent] for parent in file.parents))
        if file.name in names:
            yield file.name, frame
        later = {parent for other in needed[place + 1 :] for parent in other.parents}
        kept = {name: each for name, each in {**kept, file.name: frame}.items() if name in later}


def _with_parents(names: list[str]) -> list[File]:
    """The files of these names and those that they are made from, in order."""
    wanted = set(names)
    for file in reversed(FILES):
        if file.name in wanted:
            wanted.update(file.parents)
    return [file for file in FILES if file.name in wanted]
