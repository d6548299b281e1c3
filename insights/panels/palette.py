"""What is found by a few letters: pages, figures, people, accounts, deals, contacts, notes, views.

What begins so comes first, then what has it as a part of any word, then what is spelled nearly so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, TypeVar
from urllib.parse import quote

from django.urls import Resolver404, resolve

from insights.queries import palette as queries
from insights.queries import search
from insights.queries.saved_views import View
from revops_site.kernel import formats
from revops_site.kernel.filters import Allowed
from revops_site.kernel.metrics import Metric

MOST, MOST_ON_PAGE = 8, 50
SNIPPET = 90  # letters of a note, about the word that was found
LONGEST = 100
NEAR = 0.75  # so much of two words has to agree
FUZZY_FROM = 4  # letters; shorter ones are near to everything
SURE = 3  # letters of a name that are taken to be spelled well
LOOKED_AT = 200
SENTENCE = 3  # words: what is so long is a question, where it can be one
FEW_WHYS = 2
T = TypeVar("T")


@dataclass(frozen=True)
class Hit:
    """Something found, and where it is; a page's ``default`` is the query that it opens with."""

    label: str
    hint: str
    url: str
    icon: str
    default: str | None = None


@dataclass(frozen=True)
class Group:
    """The hits of one kind."""

    slug: str
    label: str
    hits: Sequence[Hit]


@dataclass(frozen=True)
class Known:
    """What can be found without looking at the data; ``asks`` gives questions to a text."""

    pages: Sequence[Hit]
    metrics: Sequence[tuple[Metric, str]]
    views: Sequence[tuple[View, Hit]]
    asks: Callable[[str], Sequence[Hit]] = lambda text: ()


def find(text: str, known: Known, allowed: Allowed, most: int = MOST) -> list[Group]:
    """The hits of each kind, within what the reader may see; of "", where to go."""
    wanted = " ".join(text.replace("\0", "").split())[:LONGEST]
    if not wanted:
        recent = [hit for _, hit in known.views[:MOST]]
        return _groups({"pages": known.pages, "views": recent})
    asks = known.asks(wanted)
    is_question = len(wanted.split()) >= SENTENCE and bool(asks)
    return _groups(
        {
            "asks": asks if is_question else (),
            "pages": _best(wanted, known.pages, lambda hit: hit.label),
            "metrics": _metrics(wanted, known.metrics),
            "whys": _whys(wanted, known.metrics),
            "reps": _reps(wanted, allowed),
            "accounts": _accounts(wanted, allowed, most),
            "deals": _deals(wanted, allowed, most),
            "contacts": _contacts(wanted, allowed, most),
            "notes": _notes(wanted, allowed, most),
            "views": [hit for _, hit in _best(wanted, known.views, lambda one: one[0].name)],
            "asked": () if is_question else asks,
        }
    )


LABELS = {
    "asks": "Ask",
    "asked": "Ask",
    "pages": "Pages",
    "metrics": "Figures",
    "whys": "Why it changed",
    "reps": "Reps",
    "accounts": "Accounts",
    "deals": "Deals",
    "contacts": "Contacts",
    "notes": "Notes",
    "views": "Saved views",
}


def _groups(found: Mapping[str, Iterable[Hit]]) -> list[Group]:
    groups = [Group(slug, LABELS[slug], list(hits)) for slug, hits in found.items()]
    return [group for group in groups if group.hits]


def _metrics(wanted: str, metrics: Sequence[tuple[Metric, str]]) -> Iterator[Hit]:
    for metric, chapter in _best(wanted, metrics, lambda one: one[0].label):
        explained = f"/explain/{metric.slug}/"
        url = explained if leads_somewhere(explained) else f"/glossary/#{metric.slug}"
        yield Hit(metric.label, chapter, url, "math")


def _whys(wanted: str, metrics: Sequence[tuple[Metric, str]]) -> Iterator[Hit]:
    """Why the figures changed; all of the best where that is what is asked: "why nrr"."""
    asked, _, rest = wanted.partition(" ")
    is_asked = asked.casefold() == "why"
    text, most = (rest or "", MOST) if is_asked else (wanted, FEW_WHYS)
    if not text:
        return
    for metric, chapter in _best(text, metrics, lambda one: one[0].label)[:most]:
        url = f"/why/{metric.slug}/"
        if leads_somewhere(url):
            yield Hit(f"Why {metric.label} changed", chapter, url, "flat")


def _reps(wanted: str, allowed: Allowed) -> Iterator[Hit]:
    if leads_somewhere("/reps/x/"):
        for rep in _best(wanted, queries.reps(allowed), lambda rep: rep.name):
            yield Hit(rep.name, rep.team, f"/reps/{quote(rep.rep_id, safe='')}/", "user")


def _accounts(wanted: str, allowed: Allowed, most: int) -> Iterator[Hit]:
    if leads_somewhere("/accounts/x/"):
        ways = queries.accounts, search.accounts
        for account in _near(wanted, ways, allowed, most, lambda one: one.name):
            hint = _line(account.segment, account.region)
            yield Hit(account.name, hint, _account(account.account_id), "coaching")


def deals(text: str, allowed: Allowed, most: int) -> Sequence[queries.DealHit]:
    """The deals that are meant by a few letters, within what the reader may see."""
    wanted = " ".join(text.replace("\0", "").split())[:LONGEST]
    ways = queries.deals, search.deals
    return _near(wanted, ways, allowed, most, lambda one: one.name) if wanted else ()


def _deals(wanted: str, allowed: Allowed, most: int) -> Iterator[Hit]:
    if leads_somewhere("/pipeline/deals/x/"):
        for deal in deals(wanted, allowed, most):
            account = deal.account if not deal.name.startswith(deal.account) else ""
            state = deal.stage if deal.status == "open" else deal.status.title()
            hint = _line(deal.deal_id, account, state)
            yield Hit(deal.name, hint, _page(deal.deal_id), "pipeline")


def _contacts(wanted: str, allowed: Allowed, most: int) -> Iterator[Hit]:
    for one in search.contacts(wanted, allowed, most):
        yield Hit(one.name, _line(one.title, one.deal), _page(one.deal_id), "user")


def _notes(wanted: str, allowed: Allowed, most: int) -> Iterator[Hit]:
    """Notes on deals and on accounts, the newest first."""
    found = [
        *(
            (one.written, one.body, one.deal, _page(one.deal_id))
            for one in search.notes(wanted, allowed, most)
        ),
        *(
            (one.written, one.body, one.account, _account(one.account_id))
            for one in search.account_notes(wanted, allowed, most)
        ),
    ]
    found.sort(key=lambda one: one[0], reverse=True)
    for written, body, about, url in found[:most]:
        said = _line(about, formats.show(written.date(), "date"))
        yield Hit(_snippet(body, wanted), said, url, "bookmark")


def _snippet(body: str, wanted: str) -> str:
    """The part of a note about the first of the words that it has."""
    text = " ".join(body.split())
    low = text.casefold()
    at = min(
        (place for word in wanted.casefold().split() if (place := low.find(word)) >= 0), default=0
    )
    start = max(0, at - SNIPPET // 3)
    end = start + SNIPPET
    return f"{'…' if start else ''}{text[start:end].strip()}{'…' if end < len(text) else ''}"


def _page(deal_id: str) -> str:
    return f"/pipeline/deals/{quote(deal_id, safe='')}/"


def _account(account_id: str) -> str:
    return f"/accounts/{quote(account_id, safe='')}/"


def _line(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def leads_somewhere(url: str) -> bool:
    """Whether the product has such an address."""
    try:
        resolve(url)
    except Resolver404:
        return False
    return True


def _near(
    wanted: str,
    ways: Sequence[Callable[[str, Allowed, int], Sequence[T]]],
    allowed: Allowed,
    most: int,
    name: Callable[[T], str],
) -> Sequence[T]:
    """What begins as wanted, then what is found by its parts.

    Else, of what shares its first letters, what is spelled nearly so: what came in a moment ago has
    no words to be searched yet.
    """
    begins, by_parts = ways
    found = list(begins(wanted, allowed, most))
    if len(found) < most:
        found = list(dict.fromkeys([*found, *by_parts(wanted, allowed, most)]))[:most]
    if found or len(wanted) < FUZZY_FROM:
        return found
    shared = begins(wanted[:SURE], allowed, LOOKED_AT)
    return _ranked(shared, lambda one: _likeness(wanted.casefold(), name(one).casefold()))


def _best(wanted: str, among: Iterable[T], name: Callable[[T], str]) -> list[T]:
    """Those with a word that begins so, whole names first; else those spelled nearly so."""
    low, all_ = wanted.casefold(), list(among)
    found = _ranked(all_, lambda one: _beginning(low, name(one).casefold()))
    if found or len(low) < FUZZY_FROM:
        return found
    return _ranked(all_, lambda one: _likeness(low, name(one).casefold()))


def _ranked(among: Sequence[T], score: Callable[[T], float]) -> list[T]:
    scored = [(score(one), one) for one in among]
    kept = [pair for pair in scored if pair[0] > 0]
    kept.sort(key=lambda pair: -pair[0])
    return [one for _, one in kept[:MOST]]


def _beginning(wanted: str, name: str) -> float:
    """3 the name itself, 2 begins so, 1 each word wanted begins one of its words, 0 none of it."""
    if name == wanted:
        return 3
    if name.startswith(wanted):
        return 2
    words = name.replace("-", " ").replace("/", " ").split()
    return float(all(any(word.startswith(one) for word in words) for one in wanted.split()))


def _likeness(wanted: str, name: str) -> float:
    """How much of the beginning of the name, or of one of its words, agrees; 0 where too little."""
    starts = [name[: len(wanted)], *(word[: len(wanted) + 1] for word in name.split())]
    best = max(SequenceMatcher(None, wanted, start).ratio() for start in starts)
    return best if best >= NEAR else 0


def context(text: str, groups: Sequence[Group]) -> dict[str, Any]:
    """What ``palette.html`` and ``_palette_hits.html`` print; options are numbered through."""
    count = sum(len(group.hits) for group in groups)
    numbered = iter(range(count))
    shown = [
        {
            "slug": group.slug,
            "label": group.label,
            "hits": [{"id": f"hit-{next(numbered)}", "hit": hit} for hit in group.hits],
        }
        for group in groups
    ]
    said = f"{count} found" if count else "Nothing found"
    is_cut = bool(text.strip()) and any(len(group.hits) == MOST for group in groups)
    return {
        "q": text[:LONGEST],
        "groups": shown,
        "says": said,
        "count": count,
        "is_cut": is_cut,
    }
