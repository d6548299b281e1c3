"""What a language model said is shown only if each number in it is among the facts it was given.

A number may stand there in any form: digits of any script, words, shares, dates, ratios. What is
not recognised as the very number of a fact, in its unit and with its sign, counts as made up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from revops_site.kernel.grounding.claims import turned
from revops_site.kernel.grounding.numbers import found, known

__all__ = ["MOST_SIGNS", "WHY", "Checked", "checked", "found", "known", "reworded"]

MOST_SIGNS = 1_200
LONGEST_NAME = 120
WHY: Mapping[str, str] = {
    "empty": "It is no text.",
    "long": "It is too long.",
    "markup": "It has a link, an address or markup.",
    "signs": "It has signs that no plain text needs.",
    "numbers": "It has a number that is not among the facts.",
    "turned": "It says the opposite, or more than the facts do.",
}
MARKUP = re.compile(r"[<>{}\[\]`|\\@#*_~^]|://|www\.|(?<=\w)\.(?=[a-z]{2})|&[a-z]+;", re.IGNORECASE)
PLACE = re.compile(r"\{([A-Z]+)\}")
SPELLED = re.compile(r"(?:\b[^\W\d_]\b[\s.,/-]*){4,}")
SPACES = re.compile(r"\s+")
PLAIN_KINDS = ("L", "N", "P", "Z", "Sc", "Sm")


@dataclass(frozen=True)
class Checked:
    """What may be shown of a text, "" where it is refused; then why, and which numbers are odd."""

    text: str = ""
    refused: str = ""
    odd: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether it may be shown."""
        return not self.refused


def checked(
    said: object,
    facts: Iterable[str],
    names: Mapping[str, str] | None = None,
    most: int = MOST_SIGNS,
) -> Checked:
    """A model's text if it is plain, short, and has no number of its own; else why it is refused.

    ``facts`` are the texts that it was given, numbers as a page shows them. ``names`` are what
    stands for ``{DEAL}`` and the like: a name is filled in after the check, so that neither a
    model nor a number in a name can be taken for a fact.
    """
    text = SPACES.sub(" ", _without_hidden(said)).strip() if isinstance(said, str) else ""
    if not text:
        return Checked(refused="empty")
    if len(text) > most:
        return Checked(refused="long")
    whose = dict(names or {})
    bare = PLACE.sub(lambda at: "Someone" if at[1] in whose else at[0], text)
    if MARKUP.search(bare):
        return Checked(refused="markup")
    if not _is_plain(bare):
        return Checked(refused="signs")
    given = known(facts)
    odd = tuple(dict.fromkeys(one for one in found(bare) if one not in given))
    if odd:
        return Checked(refused="numbers", odd=odd)
    return Checked(PLACE.sub(lambda at: _name(whose[at[1]]), text))


def reworded(said: object, source: str, most: int = MOST_SIGNS) -> Checked:
    """The same of a sentence that is to say what ``source`` does, in other words.

    Its numbers stand in the order of the source's, so that none is told of something else; and
    it goes up where that does, denies what that denies, and knows no "all" or "never" of its own.
    """
    result = checked(said, [source], most=most)
    if not result:
        return result
    rest = iter(found(source))
    odd = tuple(one for one in found(result.text) if one not in rest)
    if odd:
        return Checked(refused="numbers", odd=odd)
    words = turned(result.text, source)
    return Checked(refused="turned", odd=words) if words else result


def _without_hidden(text: str) -> str:
    """The text as one sees it: without signs of no width, with spaces for what breaks lines."""
    kept = []
    for sign in text:
        kind = unicodedata.category(sign)
        if kind in {"Cc", "Zl", "Zp"}:
            kept.append(" ")
        elif kind not in {"Cf", "Cs", "Co", "Cn", "Me"} and not 0xFE00 <= ord(sign) <= 0xFE0F:
            kept.append(sign)
    return unicodedata.normalize("NFC", "".join(kept))


def _is_plain(text: str) -> bool:
    """Whether it is of Latin letters, digits and usual signs, in words that are not spelled out."""
    if SPELLED.search(text):
        return False
    for sign in text:
        kind = unicodedata.category(sign)
        if not kind.startswith(PLAIN_KINDS):
            return False
        if kind.startswith("L") and "LATIN" not in unicodedata.name(sign, ""):
            return False
        if kind.startswith("N") and not sign.isascii():
            return False
    return True


def _name(name: str) -> str:
    return SPACES.sub(" ", _without_hidden(name)).strip()[:LONGEST_NAME]
