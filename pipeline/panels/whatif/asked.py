"""What an address of the What-if page says, beside its filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode

from pipeline.analytics import assumed
from pipeline.analytics.assumed import FIELDS, OUT, Entries, RefusedError

MOST_PARTS = 1000
LONGEST_SEARCH = 80
ID = 10  # digits


@dataclass(frozen=True)
class Line:
    """What the form says of one deal of its list: whether it is ticked, and the texts of fields."""

    deal_id: str
    is_in: bool
    given: Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """The assumptions so far, the lines of the form that was sent, and what the list shows.

    ``scenario`` is the kept one that is open, ``other`` the one that is held beside it.
    """

    entries: Entries = field(default_factory=dict)
    lines: Sequence[Line] = ()
    q: str = ""
    page: int = 1
    scenario: int | None = None
    other: int | None = None
    notices: Sequence[str] = ()

    def pairs(self, entries: Entries) -> list[tuple[str, str]]:
        """The same as parts of an address, with these assumptions; the list begins at its first."""
        said = {
            "assume": assumed.written(entries),
            "scenario": self.scenario,
            "with": self.other,
            "q": self.q,
        }
        return [(name, str(value)) for name, value in said.items() if value]


def parse(query: str, assume: str | None = None) -> Asked:
    """What a raw query string says; ``assume`` in place of what it says of assumptions."""
    try:
        found = parse_qs(query, keep_blank_values=True, max_num_fields=MOST_PARTS)
    except ValueError:
        return Asked(notices=("The address has too many parts; nothing of it is assumed.",))
    notices = []
    entries: Entries = {}
    try:
        entries = assumed.read(_last(found, "assume") if assume is None else assume)
    except RefusedError as why:
        notices.append(str(why))
    return Asked(
        entries=entries,
        lines=_lines(found),
        q=_clean(_last(found, "q"))[:LONGEST_SEARCH],
        page=_number(_last(found, "page")) or 1,
        scenario=_number(_last(found, "scenario")),
        other=_number(_last(found, "with")),
        notices=tuple(notices),
    )


def merged(
    entries: Entries, lines: Sequence[Line], stand: Mapping[str, Mapping[str, str]]
) -> dict[str, Mapping[str, str]]:
    """The assumptions with what the lines say of their deals; what stands anyway is none.

    ``stand`` holds the texts of each deal's fields as it stands; a line of another deal is not
    taken.
    """
    found = dict(entries)
    for line in lines:
        if line.deal_id not in stand:
            continue
        own = {name: line.given[name] for name in FIELDS if _differs(name, line, stand)}
        if not line.is_in:
            own[OUT] = "1"
        if own:
            found[line.deal_id] = own
        else:
            found.pop(line.deal_id, None)
    return found


def query(pairs: Sequence[tuple[str, str]]) -> str:
    """Parts as an address says them."""
    return urlencode(list(pairs), errors="replace")


def _differs(name: str, line: Line, stand: Mapping[str, Mapping[str, str]]) -> bool:
    text, now = line.given[name], stand[line.deal_id][name]
    if not text or text == now:
        return False
    return not (name == "amount" and now and _is_number(text, now))


def _is_number(text: str, now: str) -> bool:
    try:
        return assumed.amount(text) == float(now)
    except RefusedError:
        return False


def _lines(found: Mapping[str, list[str]]) -> Sequence[Line]:
    """The lines of the form: told apart by their order, so that none counts where one lacks."""
    deals = [_clean(text) for text in found.get("row", [])]
    texts = {name: found.get(name, []) for name in FIELDS}
    if any(len(given) != len(deals) for given in texts.values()):
        return ()
    ticked = {_clean(text) for text in found.get("in", [])}
    return [
        Line(
            deal,
            deal in ticked,
            {name: _clean(texts[name][nth])[: assumed.LONGEST_TEXT] for name in FIELDS},
        )
        for nth, deal in enumerate(deals)
    ]


def _last(found: Mapping[str, list[str]], name: str) -> str:
    return found.get(name, [""])[-1]


def _number(text: str) -> int | None:
    known = text.isascii() and text.isdigit() and len(text) < ID
    return int(text) if known and int(text) else None


def _clean(text: str) -> str:
    return "".join(one for one in text if one.isprintable()).strip()
