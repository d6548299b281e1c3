"""Profiles and layouts as the command line names them, and the guess of a profile for a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from insights.catalog import DATASETS
from revops_site.kernel.profiles import Guess, Profile, Target, guess, parse
from revops_site.kernel.reading import Layout, look

SIGNS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "blank": " ", "space": " "}


def profile(path: str | None) -> Profile | None:
    """The profile in a file; raises ValueError with a plain sentence where it is none."""
    if path is None:
        return None
    try:
        return parse(Path(path).read_text(encoding="utf-8-sig"), Path(path).parent)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        says = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error
        raise ValueError(f"{path}: {says}") from None


def layout(options: Mapping[str, Any]) -> Layout:
    """What the options say of how files are written; raises ValueError."""
    sign = options["delimiter"] or ""
    plain: dict[str, Any] = {
        "encoding": options["encoding"] or "",
        "delimiter": SIGNS.get(sign.lower(), sign),
        "sheets": options["sheet"] or [],
    }
    if options["no_header"]:
        plain["header"] = False
    try:
        return Layout.of(plain)
    except ValueError as error:
        raise ValueError(f"--{error}") from None


def guessed(path: Path, told: Layout, dataset: str | None) -> Guess:
    """The profile that a file seems to need, of this dataset where one is named.

    Raises UnreadableError.
    """
    candidates = {
        one.name: [Target.of(column) for column in one.columns]
        for one in DATASETS
        if dataset in (None, one.name)
    }
    return guess(look(path, told), candidates, path.name)
