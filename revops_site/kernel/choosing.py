"""What is listed to choose from: all of a few; of thousands the chosen, the first, those sought."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import islice

FEW = 30  # so many are listed at once; of more the first of them, and what one looks for
LONGEST_TEXT = 100


@dataclass(frozen=True)
class Offered:
    """What is listed: value → label, the chosen first; how many more would fit."""

    options: Mapping[str, str]
    more: int


def offered(known: Mapping[str, str], chosen: Collection[str], text: str = "") -> Offered:
    """All of a few; of many those that are chosen and the first whose label or value fits."""
    if len(known) <= FEW and not text:
        return Offered(known, 0)
    wanted = text.casefold()
    ticked = {value: label for value, label in known.items() if value in chosen}
    fits = {
        value: label
        for value, label in known.items()
        if value not in ticked and (wanted in label.casefold() or wanted in value.casefold())
    }
    shown = dict(islice(fits.items(), FEW))
    return Offered({**ticked, **shown}, len(fits) - len(shown))


def title(noun: str) -> str:
    """What one does here."""
    return f"Find {'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def says(noun: str, offered: Offered) -> str:
    """How many are listed, and of how many."""
    shown = len(offered.options)
    if not shown:
        return f"No {noun} is called so."
    if offered.more:
        whole = shown + offered.more
        return f"{shown:,} of {whole:,} {noun}s. Type more of a name to find others."
    return f"{shown:,} {noun}{'' if shown == 1 else 's'}."
