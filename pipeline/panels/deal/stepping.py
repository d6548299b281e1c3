"""A deal's place in the list that its reader came from, and the deals before and after it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from pipeline.panels.deal.lists import Place
from pipeline.panels.deal.places import address
from pipeline.queries.deal import place as places
from revops_site.kernel.freshness import remembered
from revops_site.kernel.listings import Asked, Listing
from revops_site.kernel.pages import Visit
from revops_site.kernel.panels import Panel, content, ordered

MOST = places.MOST
State = Sequence[tuple[str, str]]


def drawn(deal_id: str, found: Place, visit: Visit, state: State) -> dict[str, Any]:
    """What ``_deal_steps.html`` prints.

    ``state`` are the parts of the address that say which list it is, with ``nth``, the place that
    the deal was seen at. A deal that has left the list keeps that place: the one after it is now
    there. A place beyond the first 5,000 is not told.
    """
    ids = _ids(found, visit)
    return {"back": visit.frame.address() + _anchor(found.table), **_steps(deal_id, ids, state)}


def _steps(deal_id: str, ids: Sequence[str], state: State) -> dict[str, Any]:
    nth = _whole(dict(state).get("nth", ""))
    total = f"{MOST:,} or more" if len(ids) >= MOST else f"{len(ids):,}"
    if deal_id in ids:
        at = ids.index(deal_id)
        before, after, here = at - 1, at + 1, at + 1
        says = f"{here:,} of {total}"
    else:
        here = min(nth, len(ids) + 1)
        before, after = here - 2, here - 1
        says = f"No longer in the list of {total}" if here else f"Not in the list of {total}"
        after = after if here else 0
    return {
        "says": says,
        "nth": str(here) if here else "",
        "before": _way(ids, before, state),
        "after": _way(ids, after, state),
    }


def _way(ids: Sequence[str], at: int, state: State) -> str:
    """The address of the deal at a place of the list, counted from 0; "" where there is none."""
    if not 0 <= at < len(ids):
        return ""
    rest = [pair for pair in state if pair[0] != "nth"]
    return f"{address(ids[at])}?{urlencode([*rest, ('nth', str(at + 1))], errors='replace')}"


def _ids(found: Place, visit: Visit) -> Sequence[str]:
    """The ids of the list's deals in its order, each once, the first 5,000."""
    table, generation = found.table, visit.workspace.generation
    if isinstance(table, Panel):
        made = content(table, visit.on(table).slice_, generation)
        rows = ordered(table, made.frame, visit.sort or table.sort)
        known = rows[found.key].dropna().astype("str").unique()
        return [one for one in known.tolist() if one][:MOST]
    asked = visit.lists[table.slug]
    key = f"steps:{_digest(table, asked, visit)}:{generation}"
    return remembered(key, lambda: places.ids(table, visit.slice_, asked, found.key))


def _digest(table: Listing, asked: Asked, visit: Visit) -> str:
    said = (
        f"{table.slug} {table.title} {asked.replace(page=1, columns=())!r} {visit.slice_.cache_key}"
    )
    return hashlib.blake2s(said.encode(errors="replace"), digest_size=12).hexdigest()


def _anchor(table: Listing | Panel) -> str:
    return f"#{'panel' if isinstance(table, Panel) else 'listing'}-{table.slug}"


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def kept(query: Mapping[str, Sequence[str]]) -> State:
    """The parts of an address that say which list one came from; none where it says of none."""
    own = {"entries", "part"}
    pairs = [(name, one) for name in query for one in query[name] if name not in own]
    return pairs if "list" in query and "at" in query else []
