"""Whether a sentence goes the way that another one does: up or down, denied or not, all or some."""

from __future__ import annotations

import re
from collections.abc import Mapping

WORD = re.compile(r"[^\W\d_]+(?:['’]t\b)?")
_UP = """
    above ahead higher highest more most better best faster fastest quicker quickest improve rise
    rising rose risen up exceed over beat outperform surpass strong stronger grew grow grown growing
    gain larger largest bigger biggest increase lead greater sooner earlier climb top outpace well
"""
_DOWN = """
    below behind lower lowest less least fewer fewest worse worst slower slowest worsen fell fall
    falling fallen down under short lag weak weaker declin drop trail smaller smallest decreas later
    shrink shrank miss poor lost lose losing bottom struggle concern
"""
_DENIED = "not no never without hardly barely neither nor cannot nothing nobody none n't lack"
_WHOLE = """
    all every each always entire entirely whole everybody everyone any only guarantee certain
    certainly definitely proven proves sure surely must will never exactly nearly almost roughly
    about around approximately
"""
KINDS: Mapping[str, frozenset[str]] = {
    "up": frozenset(_UP.split()),
    "down": frozenset(_DOWN.split()),
    "denied": frozenset(_DENIED.split()),
}
WHOLE = frozenset(_WHOLE.split())
ENDS = ("", "s", "d", "ed", "ing", "es", "e", "ped", "ping", "ned", "ging", "ged")


def turned(text: str, source: str) -> tuple[str, ...]:
    """The words that turn what the source says, or say more than it does."""
    given = {kind for word in _words(source) for kind in _kinds(word)}
    known = set(_words(source))
    return tuple(
        word
        for word in _words(text)
        if (_kinds(word) - given) or (word in WHOLE and word not in known)
    )


def _words(text: str) -> list[str]:
    return WORD.findall(text.replace("’", "'").casefold())


def _kinds(word: str) -> set[str]:
    if word.endswith("n't"):
        return {"denied"}
    stems = {word.removesuffix(end) for end in ENDS if word.endswith(end)}
    return {kind for kind, words in KINDS.items() if stems & words}
