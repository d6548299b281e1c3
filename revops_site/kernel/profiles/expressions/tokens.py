"""The words of an expression, with the place of each."""

from __future__ import annotations

import re
from typing import NamedTuple

from revops_site.kernel.profiles.errors import ProfileError

LONGEST = 2000
_TOKEN = re.compile(
    r"""
    (?P<blank>\s+)
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<text>'(?:[^']|'')*' | "(?:[^"]|"")*")
    | (?P<header>`[^`]+`)
    | (?P<name>[^\W\d]\w*)
    | (?P<sign><=|>=|<>|!=|==|[-+*/%=<>(),])
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    """One word: its kind (number, text, header, name, sign or end), what it says, and where."""

    kind: str
    says: str
    at: int

    @property
    def shown(self) -> str:
        """The word as an error shows it."""
        return f'"{self.says}"' if self.kind != "end" else "its end"


def split(text: str, place: str) -> list[Token]:
    """The words of an expression; the last one is its end. Raises ProfileError."""
    if len(text) > LONGEST:
        raise ProfileError(f"{place}: is longer than {LONGEST} characters")
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            begins = text[at : at + 20]
            says = "opens a text that never ends" if begins[0] in "'\"`" else "is not understood"
            raise ProfileError(f'{place}: at character {at + 1}: "{begins}" {says}')
        kind, says = str(match.lastgroup), match[0]
        if kind in {"text", "header"}:
            says = says[1:-1].replace(says[0] * 2, says[0])
        if kind != "blank":
            found.append(Token(kind, says, at + 1))
        at = match.end()
    return [*found, Token("end", "", at + 1)]
