"""What goes wrong with a profile, and with a record: always a plain sentence."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

MOST_NAMED = 40


class ProfileError(ValueError):
    """A profile that cannot be used; the text says where, why, and what would do."""


class TroubleError(Exception):
    """A record that cannot be mapped; the text is the record's trouble."""


def normal(name: str) -> str:
    """A header or a word as it is compared: case, blanks, dashes and underscores do not count."""
    return re.sub(r"[\s_-]+", "_", name.strip().casefold())


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that looks most like this one; empty where there is none at all."""
    names = {normal(one): one for one in known}
    found = difflib.get_close_matches(normal(name), names, n=1, cutoff=0)
    return names[found[0]] if found else ""


def unknown(place: str, what: str, name: str, known: Iterable[str]) -> ProfileError:
    """The error for a name that nobody knows: with the nearest one, and all that are known."""
    names = list(dict.fromkeys(known))
    near = nearest(name, names)
    says = f'{place}: unknown {what} "{name}"'
    if near:
        says += f' (the nearest is "{near}")'
    more = ", …" if len(names) > MOST_NAMED else ""
    return ProfileError(f"{says}; known are {', '.join(names[:MOST_NAMED]) or 'none'}{more}")
