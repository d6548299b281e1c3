"""A question as words: in small letters, without accents and plurals, each with its place."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

LONGEST = 200  # letters of a question that are read
AMOUNT = r"[$€£¥]?\d[\d,]*(?:\.\d+)?(?:\s?(?:k|m|mn|bn|thousand|million)\b)?\+?"
WORD = re.compile(
    rf"\d{{4}}-\d\d-\d\d|{AMOUNT}(?![^\W_])|[<>]=?|[^\W_]+(?:['’][^\W_]+)?|&", re.IGNORECASE
)
# Said for politeness or grammar alone; they never change what is meant.
SILENT_WORDS = (
    *("a", "an", "the", "our", "my", "mine", "we", "i", "me", "you", "your", "please", "did", "do"),
    *("does", "is", "are", "was", "were", "be", "been", "being", "have", "has", "had", "am", "it"),
    *("its", "there", "that", "all", "any", "some"),
)
ENDS = ("ss", "us", "is", "os")


@dataclass(frozen=True)
class Token:
    """A word of a question: as it stands there, as it is looked up, and from where to where."""

    text: str
    word: str
    start: int
    end: int


def tokens(text: str) -> tuple[Token, ...]:
    """The words that can mean something, in order."""
    found = []
    for match in WORD.finditer(text[:LONGEST]):
        word = plain(match.group())
        if word in SILENT or (word == "us" and match.group() != "US"):
            continue
        found.append(Token(match.group(), word, match.start(), match.end()))
    return tuple(found)


def words(phrase: str) -> tuple[str, ...]:
    """A phrase as it is looked up."""
    return tuple(one.word for one in tokens(phrase))


@functools.lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """One word in small letters without accents, possessive and plural."""
    low = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(one for one in low if not unicodedata.combining(one))
    bare = re.sub(r"['’](s|re|ve|ll|d|m|t)$", "", bare).replace("'", "").replace("’", "")
    return singular(bare)


def singular(word: str) -> str:
    """``deals`` as ``deal``, ``opportunities`` as ``opportunity``."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 2 and word.endswith("s") and not word.endswith(ENDS):
        return word[:-1]
    return word


SILENT = frozenset((*SILENT_WORDS, *(singular(one) for one in SILENT_WORDS)))


def near(word: str, known: frozenset[str]) -> str:
    """The one known word that differs by a slip of a finger; "" where none does, or several."""
    if len(word) < 5 or not word.isalpha():
        return ""
    most = 2 if len(word) > 8 else 1
    found: dict[int, set[str]] = {}
    for one in known:
        if abs(len(one) - len(word)) <= most and one[0] == word[0] and len(one) > 3:
            far = distance(word, one, most)
            if far <= most:
                found.setdefault(far, set()).add(one)
    best = found.get(min(found, default=0), set())
    return next(iter(best)) if len(best) == 1 else ""


def distance(one: str, other: str, most: int) -> int:
    """How many letters have to be added, left out, changed or swapped; at most ``most`` + 1."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for nth, letter in enumerate(one, 1):
        row = [nth]
        for at, its in enumerate(other, 1):
            cost = min(last[at] + 1, row[at - 1] + 1, last[at - 1] + (letter != its))
            is_swap = nth > 1 and at > 1 and letter == other[at - 2] and one[nth - 2] == its
            row.append(min(cost, before[at - 2] + 1) if is_swap else cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]
