"""A folder of worked examples as Python values; what cannot be read is named in one sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"


class UnreadableError(Exception):
    """The folder or one of its files is no collection of worked examples."""


@dataclass(frozen=True)
class Golden:
    """One worked example: everything the calculation may use, and its answer.

    ``forbidden`` maps a path into the answer to the value that a well-known wrong method gives.
    """

    name: str
    family: str
    settings: Mapping[str, Any]
    input: Mapping[str, Any]
    expected: Any
    forbidden: Mapping[str, Any]
    tolerance: Mapping[str, float]


def read(folder: Path) -> list[Golden]:
    """The worked examples of a folder, by file name; raises ``UnreadableError``."""
    if not folder.is_dir():
        raise UnreadableError(f"There is no folder {folder}.")
    files = sorted(folder.glob("*.json"))
    if not files:
        raise UnreadableError(f"The folder {folder} holds no .json file.")
    return [_read(file) for file in files]


def _read(file: Path) -> Golden:
    try:
        content = json.loads(file.read_bytes())
        return Golden(
            name=file.stem,
            family=content["family"],
            settings=content.get("settings") or {},
            input=content["input"],
            expected=content["expected"],
            forbidden=content.get("must_not_equal") or {},
            tolerance=content.get("tolerance") or {},
        )
    except (OSError, ValueError) as error:
        raise UnreadableError(f"{file} is not valid JSON: {error}.") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise UnreadableError(f"{file} is no worked example: it lacks {error}.") from error
