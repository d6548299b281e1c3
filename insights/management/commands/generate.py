"""``manage.py generate``: the pretend company's files, the same bytes for the same seed and day."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from django.core.management.base import BaseCommand, CommandError, CommandParser

from insights.samples import benchmarks
from marketing.samples import marketing_channels
from pipeline.samples import pipeline_deals
from revenue.samples import revenue_customers
from revops_site.kernel.world import AS_OF, SEED, World

CANNOT_WRITE = 2
DIGITS = "%.15g"  # the shortest text of a rounded number, the same on every machine


@dataclass(frozen=True)
class Recipe:
    """What makes a dataset's frame: a function of the world and of its parents' frames."""

    make: Callable[..., pd.DataFrame]
    parents: tuple[str, ...] = ()


# In the order that they are written in; a parent stands before its children.
RECIPES: Mapping[str, Recipe] = {
    "benchmarks": Recipe(benchmarks),
    "marketing_channels": Recipe(marketing_channels),
    "pipeline_deals": Recipe(pipeline_deals),
    "revenue_customers": Recipe(revenue_customers, ("pipeline_deals",)),
}


class Command(BaseCommand):
    """Write the pretend company's files."""

    help = (
        "Write the CSV files of a pretend company (docs/demo-company.md) into a folder, in place of"
        " files of the same name. The same seed and day give the same bytes."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, which seed, which day, which files."""
        parser.add_argument(
            "--output", required=True, metavar="DIR", help="made if it is not there"
        )
        parser.add_argument("--seed", type=int, default=SEED, help=f"0 or above; default {SEED}")
        parser.add_argument(
            "--as-of",
            default=AS_OF.isoformat(),
            metavar="DATE",
            help=f"the last day that the files tell of, as 2026-06-30; default {AS_OF}",
        )
        parser.add_argument(
            "--only",
            nargs="+",
            choices=RECIPES,
            metavar="DATASET",
            help=f"write these alone: {', '.join(RECIPES)}",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make all frames, then write all files, then say what was written."""
        try:
            world = World(options["seed"], _day(str(options["as_of"])))
        except ValueError as error:
            raise CommandError(str(error), returncode=CANNOT_WRITE) from error
        made: dict[str, pd.DataFrame] = {}
        wanted = options["only"] or RECIPES
        frames = {name: _frame(name, world, made) for name in RECIPES if name in wanted}
        folder = Path(options["output"]).expanduser().resolve()
        try:
            _write(folder, frames)
        except (FileExistsError, NotADirectoryError) as error:
            raise CommandError(f"{folder} is not a folder.", returncode=CANNOT_WRITE) from error
        except OSError as error:
            raise CommandError(f"Cannot write: {error}", returncode=CANNOT_WRITE) from error
        for name, frame in frames.items():
            self.stdout.write(f"{folder / name}.csv: {len(frame):,} rows")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"--as-of takes a date such as {AS_OF}, not {text!r}") from error


def _frame(name: str, world: World, made: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The dataset's frame, with what it needs; each is made once."""
    if name not in made:
        recipe = RECIPES[name]
        parents = [_frame(parent, world, made) for parent in recipe.parents]
        made[name] = recipe.make(world, *parents)
    return made[name]


def _write(folder: Path, frames: Mapping[str, pd.DataFrame]) -> None:
    """Write all files aside, then put each in place at once: no reader finds half a file."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".generate-") as aside:
        for name, frame in frames.items():
            frame.to_csv(
                Path(aside, f"{name}.csv"),
                index=False,
                encoding="utf-8",
                lineterminator="\n",
                date_format="%Y-%m-%d",
                float_format=DIGITS,
            )
        for name in frames:
            os.replace(Path(aside, f"{name}.csv"), folder / f"{name}.csv")
