"""How much a stranger's header sounds like a column's name."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from revops_site.kernel.profiles.errors import normal
from revops_site.kernel.profiles.guessing import tongues
from revops_site.kernel.profiles.profile import Target

# Words that people use for one another in headers; the first of a line stands for all of them.
_SAME = """
account company customer client organisation organization buyer firm
amount value price worth sum total acv tcv
campaign
channel source medium category platform network
click clicks
closed close closing
created create creation opened engage engaged signup
currency ccy curr
date day dt on at time timestamp
email mail
id identifier no number nr num key uid guid
impression impr views shown
industry sector vertical
interval frequency billing
lead inquiry inquiries
manager supervisor boss
name title label
owner rep agent salesperson seller representative salesrep
plan tier package
probability likelihood confidence chance
quantity qty units
reason cause
region geo country territory area location office market
segment size
spend cost spent spending expense
stage phase step
status outcome result
won orders order purchases conversions wins
end ended ends until
start begin begins since
deal opportunity opp
"""
_FIRST = {word: line.split()[0] for line in _SAME.strip().splitlines() for word in line.split()}
# Words that tell nothing apart.
_NOTHING = "property hs sf the of a field custom c usd eur sale sales inline"
_NOISE = frozenset(_NOTHING.split())
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_JOINED = re.compile(r"\b([a-z]{3,})(date|name)\b")
LIKELY = 0.45


def closeness(target: Target, header: str) -> float:
    """From 0 (nothing alike) to 1 (the very name), in whatever language the header is."""
    meant = tongues.english(header)
    return max(_closeness(target, header), 0.95 * _closeness(target, meant) if meant else 0.0)


def _closeness(target: Target, header: str) -> float:
    said = normal(header)
    if said in {normal(target.title), normal(target.name)}:
        return 1.0
    if said in {normal(other) for other in target.headers}:
        return 0.97
    return max(
        (_alike(name, header) for name in {target.title, target.name, *target.headers}), default=0.0
    )


@lru_cache(maxsize=4096)
def words(name: str) -> frozenset[str]:
    """The words of a name, each as the one that stands for its like."""
    spaced = _HUMP.sub("_", name).casefold().replace("_", " ")
    found = re.findall(r"[^\W_]+", _JOINED.sub(r"\1 \2", spaced))
    kept = {_word(word) for word in found if word not in _NOISE}
    return frozenset(kept or {_word(word) for word in found})


def _word(word: str) -> str:
    if word in _FIRST:
        return _FIRST[word]
    singular = word[:-1] if len(word) > 3 and word.endswith("s") else word
    return _FIRST.get(singular, singular)


@lru_cache(maxsize=65_536)
def _alike(name: str, header: str) -> float:
    ours, theirs = words(name), words(header)
    if not ours or not theirs:
        return 0.0
    if ours == theirs:
        return 0.9
    shared = ours & theirs
    score = 0.75 * len(shared) / len(ours | theirs)
    if ours < theirs:
        score = max(score, 0.8 - 0.1 * len(theirs - ours))
    elif theirs < ours and not theirs <= {"date", "id", "name"}:
        score = max(score, 0.6)
    ratio = SequenceMatcher(None, normal(name), normal(header)).ratio()
    return max(score, 0.8 * ratio if ratio > 0.85 else 0.0)
