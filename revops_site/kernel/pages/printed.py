"""Panels as they were printed for a state before: what nobody changed is not made again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from revops_site.kernel.fragments import Drawn, State
from revops_site.kernel.noted import digest
from revops_site.kernel.pages.visits import Visit


@dataclass(frozen=True)
class Printed:
    """A panel's markup, and whether it had anything to show."""

    state: State
    html: SafeString


def printed(slug: str, about: str, visit: Visit, make: Callable[[], Drawn]) -> Printed:
    """The panel of this slug for this reader, state and generation of the data.

    What a reader may see is part of the slice, and so of the key. A panel that failed is made
    again the next time.
    """
    key = _key(slug, about, visit)
    found: Printed | None = cache.get(key)
    if found is None:
        drawn = make()
        found = Printed(drawn.state, render_to_string(drawn.template, {"panel": drawn}))
        if drawn.state != "error":
            cache.set(key, found)
    return found


def _key(slug: str, about: str, visit: Visit) -> str:
    frame = visit.frame
    state = (frame.address(), frame.sort, str(frame.empty), digest(frame.noted))
    parts = (slug, about, visit.slice_.cache_key, *state)
    hashed = hashlib.blake2s("\0".join(parts).encode(), digest_size=16).hexdigest()
    return f"printed:{visit.workspace.generation}:{hashed}"
