"""While a sync makes millions of values, Python looks for circles of them among the new ones alone.

Records are trees, of which none is a circle: to look through all that the process holds, again and
again, took a quarter of a first sync's time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (20_000, 20, 50)


@contextmanager
def spared() -> Iterator[None]:
    """Within this block what is there already is not looked through, and what is new seldom."""
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    if not frozen:
        gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if not frozen:
            gc.unfreeze()
