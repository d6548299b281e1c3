"""What takes long to come is made by another thread while what came before is worked on."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from queue import Full, Queue
from threading import Event
from typing import TypeAlias, TypeVar

LOOKS = 0.2  # seconds after which a thread that waits looks whether anybody still wants it

Item = TypeVar("Item")
Ready: TypeAlias = "Queue[tuple[Item | None, BaseException | None]]"


def ahead(items: Generator[Item], most: int) -> Generator[Item]:
    """The same, of which up to ``most`` were made beforehand; close it when it is left early.

    What goes wrong with an item is raised in its place. The thread closes what gives the items.
    """
    ready: Ready[Item] = Queue(most)
    over = Event()
    with ThreadPoolExecutor(1) as thread:
        thread.submit(_fill, items, ready, over)
        try:
            while True:
                item, error = ready.get()
                if error is not None:
                    raise error
                if item is None:
                    return
                yield item
        finally:
            over.set()


def _fill(items: Generator[Item], ready: Ready[Item], over: Event) -> None:
    try:
        with closing(items):
            for item in items:
                if not _put(ready, (item, None), over):
                    return
    except BaseException as error:  # whoever waits is to know
        _put(ready, (None, error), over)
    else:
        _put(ready, (None, None), over)


def _put(ready: Ready[Item], one: tuple[Item | None, BaseException | None], over: Event) -> bool:
    """Whether somebody still wanted it."""
    while not over.is_set():
        try:
            ready.put(one, timeout=LOOKS)
        except Full:
            continue
        return True
    return False
