"""The questions of ``questions.txt``, half of them kept from whoever tunes the grammar."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Expected:
    """A question with what is meant; ``verb`` says how many where it is about the first ones."""

    text: str
    verb: str
    metrics: tuple[str, ...]
    by: str
    address: str

    @property
    def is_kept(self) -> bool:
        """Whether it is of the half that nobody tunes by: so its own letters decide."""
        return bool(hashlib.sha256(self.text.encode()).digest()[0] % 2)


def questions(name: str = "questions") -> list[Expected]:
    """All of a file, in its order."""
    found = []
    for line in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, verb, metrics, by, address = (part.strip() for part in f"{line} ".split("| "))
            found.append(Expected(text, verb, tuple(metrics.split()), by, address))
    return found
