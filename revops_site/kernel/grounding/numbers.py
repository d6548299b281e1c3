"""The numbers of a text in one form each, however they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from revops_site.kernel.grounding.spelled import ROMAN, VAGUE, in_digits, is_foreign

_MONTH = (
    r"(?P<{}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
DATE = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:th)? (?:of )?{_MONTH.format('month')}(?:,? (?P<year>\d{{4}})\b)?"
    rf"|\b{_MONTH.format('first')} (?P<then>\d{{1,2}})(?:th)?\b(?:,? (?P<of>\d{{4}})\b)?"
    rf"|\b{_MONTH.format('alone')} (?P<in>\d{{4}})\b"
)
NAMED = re.compile(
    r"\b(january|february|april|june|july|august|september|october|november|december|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b"
    r"|(?<=\bin )(march|may)\b|(?<=\bof )(march|may)\b|(?<=\bsince )(march|may)\b"
    r"|(?<=\b(?:las|nex|thi)[ts] )(march|may)\b|(?<=\buntil )(march|may)\b|(?<=\bby )(march|may)\b"
)
MONEY = "[$€£¥₹₩₺₪₫₴₦₱฿¢]"
NUMBER = r"\d{1,3}(?:[,' ]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
RATIO = re.compile(
    rf"(?<![\w.])({NUMBER}) (?P<way>of|out of|in|per|to|/) (?:(?:the|your|their|its|every) )*"
    rf"({NUMBER})(?P<unit> ?%| percent\b)?(?!\w)"
)
JOINED = re.compile(r"(?<![\w.])\d+(?:[-/:.,]\d+)+(?P<unit> ?%)?(?!\w)")
PLAIN = re.compile(
    rf"(?P<sign>(?<![\w)%.])[-+]|\b(?:minus|negative|plus) )?(?P<money>{MONEY} ?)?"
    rf"(?P<late>-)?(?P<digits>{NUMBER}|\.\d+)(?P<rest>[a-z0-9]+(?:[.,]\d+)*)?"
    r"(?P<scale> (?:thousand|million|billion|trillion|[kmb]|mn|bn)\b)?"
    r"(?P<unit>\.?%|[ -]?(?:%|percentage points?\b|percent\b|per cent\b|pct\b|pts?\b|points?\b|"
    r"times\b|fold\b|days?\b|weeks?\b|months?\b|quarters?\b|years?\b|hours?\b|minutes?\b|x\b))?"
)
WORDS = re.compile(r"[a-z]+\d[a-z0-9]*")
ALONE = re.compile(rf"[%‰]|{MONEY}|\b(?:percent|per cent)\b")
SCALES = {
    **dict.fromkeys(("k", "thousand"), "k"),
    **dict.fromkeys(("m", "mn", "million"), "m"),
    **dict.fromkeys(("b", "bn", "billion"), "b"),
    "trillion": "t",
}
UNITS = {
    **dict.fromkeys(("%", "percent", "per cent", "pct"), "%"),
    **dict.fromkeys(("pt", "pts", "point", "points"), " pts"),
    **dict.fromkeys(("percentage point", "percentage points"), " pts"),
    **dict.fromkeys(("x", "times", "fold"), "x"),
    **{one: f" {one[0]}" for one in ("d", "day", "days", "week", "weeks", "year", "years")},
    **{one: f" {one[0]}" for one in ("hour", "hours", "quarter", "quarters")},
    **dict.fromkeys(("minute", "minutes"), " min"),
    **dict.fromkeys(("month", "months"), " mo"),
}
DASHES = dict.fromkeys(map(ord, "−–—‐‑‒―﹣－"), "-")
DASHES[ord("’")] = "'"


def found(text: str) -> list[str]:
    """Its numbers one after the other: "45%", "$1.2m", "3 of 5", "1 jul 2026", "q3", "half"."""
    return [one for _, one in sorted(_found(text), key=lambda at: at[0])]


def known(facts: Iterable[str]) -> frozenset[str]:
    """The numbers of facts, in each form that tells as much or less: "3 of 5" knows 3 and 5."""
    told = set[str]()
    for fact in facts:
        told.update(found(fact))
        plain = _plain(fact)
        for ratio in RATIO.finditer(plain):
            told |= {_value(ratio[1]), _value(ratio[3])}
        for date in DATE.finditer(plain):
            told |= {_date(date), _month(date), _named(date)}
            told.add(_date(date).removesuffix(f" {date['year'] or date['of'] or date['in']}"))
    told |= {one.removeprefix("+") for one in told}
    return frozenset(told)


def _found(text: str) -> Iterator[tuple[int, str]]:
    """Each number and where it stands; what is read as a part of one is blotted out."""
    for n, sign in enumerate(text):
        if unicodedata.numeric(sign, None) is not None and unicodedata.category(sign) != "Nd":
            yield n, sign
    for roman in ROMAN.finditer(text):
        yield roman.start(), roman[0]
    left = _plain(text)
    for pattern, name in KINDS:
        for hit in pattern.finditer(left):
            if pattern is JOINED and re.fullmatch(NUMBER, hit[0]):
                continue
            yield hit.start(), name(hit)
            left = left[: hit.start()] + "\x00" * len(hit[0]) + left[hit.end() :]
    for hit in (*ALONE.finditer(left), *VAGUE.finditer(left), *NAMED.finditer(left)):
        yield hit.start(), hit[0].removesuffix("s")
    for hit in re.finditer(r"[a-z]+", left):
        if is_foreign(hit[0]):
            yield hit.start(), hit[0]


def _plain(text: str) -> str:
    """Small letters without accents, ASCII digits, plain dashes; numbers in words as digits."""
    digits = "".join(
        str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else sign
        for sign in text
        if unicodedata.category(sign) not in {"No", "Nl", "Cf", "Me"}
    )
    bare = unicodedata.normalize("NFKD", digits.translate(DASHES)).casefold()
    bare = "".join(sign for sign in bare if unicodedata.category(sign) != "Mn")
    return in_digits(re.sub(r"\s+", " ", bare))


def _value(digits: str) -> str:
    plain = Decimal(re.sub(r"[,' ]", "", digits))
    return format(plain, "f")


def _single(hit: re.Match[str]) -> str:
    sign = "-" if (hit["sign"] or "").strip() in {"-", "minus", "negative"} or hit["late"] else ""
    sign = "+" if (hit["sign"] or "").strip() in {"+", "plus"} else sign
    money = (hit["money"] or "").strip()
    rest, scale, unit = hit["rest"] or "", (hit["scale"] or "").strip(), hit["unit"] or ""
    if rest in SCALES and not scale:
        rest, scale = "", rest
    elif rest in UNITS and not unit:
        rest, unit = "", rest
    elif rest in {"st", "nd", "rd", "th"}:
        rest = "th"
    shown = UNITS.get(unit.strip(". -"), "")
    return f"{sign}{money}{_value(hit['digits'])}{SCALES.get(scale, '')}{shown}{rest}"


def _ratio(hit: re.Match[str]) -> str:
    way = hit["way"] if hit["way"] in {"per", "to"} else "of"
    return f"{_value(hit[1])} {way} {_value(hit[3])}{'%' if hit['unit'] else ''}"


def _joined(hit: re.Match[str]) -> str:
    return hit[0].replace(" ", "")


def _date(hit: re.Match[str]) -> str:
    if hit["alone"]:
        return _month(hit)
    day, year = int(hit["day"] or hit["then"]), hit["year"] or hit["of"]
    return f"{day} {_named(hit)}{f' {year}' if year else ''}"


def _month(hit: re.Match[str]) -> str:
    """The month and its year, as far as it is told."""
    year = hit["in"] or hit["year"] or hit["of"]
    return f"{_named(hit)}{f' {year}' if year else ''}"


def _named(hit: re.Match[str]) -> str:
    return str(hit["month"] or hit["first"] or hit["alone"])[:3]


KINDS: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = (
    (DATE, _date),
    (RATIO, _ratio),
    (JOINED, _joined),
    (WORDS, lambda hit: hit[0]),
    (PLAIN, _single),
)
