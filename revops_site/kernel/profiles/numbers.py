"""Numbers as strangers write them, as plain decimals: nothing is rounded, nothing is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from revops_site.kernel.profiles.words import SIGNS, currency
from revops_site.kernel.reading.records import cleaned

PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
FARTHEST = 40
_SIGNS = "|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True))
_MONEY = rf"(?:{_SIGNS}|[A-Za-z]{{3}}(?![A-Za-z]))"
# Letters behind a number, and how far they move its point.
SCALES = {"k": 3, "tsd": 3, "mm": 6, "mio": 6, "mn": 6, "m": 6, "bn": 9, "mrd": 9, "b": 9}
ONLY_MONEY = frozenset({"m", "b", "B"})
SHORT = frozenset("$€£")
_MINUS = "[-+\u2212\u2013]"


class Read(NamedTuple):
    """A number that was understood: its plain text, the sign of its money, whether of a hundred."""

    plain: str
    money: str
    percent: bool


@dataclass(frozen=True)
class Numbers:
    """How a file writes numbers: its decimal mark, and what stands between its thousands."""

    decimal: str = "."
    thousands: str = ""

    @cached_property
    def _whole(self) -> str:
        mark = {"": "", " ": " ", "'": "['’]"}.get(self.thousands, re.escape(self.thousands))
        whole = "[0-9]+"
        if mark:
            whole += f"|[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+"
            whole += f"|[0-9]{{1,2}}(?:{mark}[0-9]{{2}})+{mark}[0-9]{{3}}"
        return whole

    @cached_property
    def _usual(self) -> re.Pattern[str]:
        """What nearly all numbers look like, told at a fraction of the price of all of them."""
        return re.compile(rf"(-?)({self._whole})(?:{re.escape(self.decimal)}([0-9]+))?")

    @cached_property
    def _shape(self) -> re.Pattern[str]:
        point, whole = re.escape(self.decimal), self._whole
        pieces = (
            rf"(?:(?P<money0>{_MONEY}) ?(?=\())?",
            rf"(?P<open>\()? ?(?P<sign1>{_MINUS})? ?(?P<money1>{_MONEY})? ?(?P<sign2>{_MINUS})? ?",
            rf"(?P<whole>{whole})?(?:{point}(?P<part>[0-9]*))?(?:e(?P<power>[-+]?[0-9]{{1,2}}))?",
            rf"(?: ?(?P<scale>{'|'.join(SCALES)})(?![a-z]))?",
            rf" ?(?P<percent>%)? ?(?P<money2>{_MONEY})? ?(?P<sign3>{_MINUS})? ?(?P<close>\))?",
        )
        return re.compile("".join(pieces), re.IGNORECASE)

    def read(self, text: str, shift: int = 0) -> Read | None:
        """The number that a text is, its point moved by ``shift`` places; None if it is none.

        What is between the thousands has to stand where thousands are. Brackets, or a minus at
        either end, make it negative.
        """
        if not shift and self.decimal == "." and PLAIN.fullmatch(text):
            return Read(text, "", False)
        short = text[:1] if text[:1] in SHORT else ""
        usual = None if shift else self._usual.fullmatch(text, len(short))
        if usual is not None:
            whole = "".join(filter(str.isdigit, usual[2])) if self.thousands else usual[2]
            plain = f"{whole}.{usual[3]}" if usual[3] else whole
            return Read(usual[1] + plain, short, False)
        return self._any(text, shift)

    def _any(self, text: str, shift: int) -> Read | None:
        found = self._shape.fullmatch(cleaned(text))
        if found is None or not (found["whole"] or found["part"]):
            return None
        moneys = [found[name] for name in ("money0", "money1", "money2") if found[name]]
        money = moneys[0] if moneys else ""
        if (found["money0"] and len(moneys) > 1) or (money and currency(money) is None):
            return None
        scale = _scale(found["scale"] or "", money)
        if scale is None or (scale and (shift or found["power"] or found["percent"])):
            return None
        signs = [sign for sign in found.group("sign1", "sign2", "sign3") if sign]
        bracketed = found["open"] is not None
        if len(signs) > 1 or bracketed != (found["close"] is not None) or (bracketed and signs):
            return None
        moved = shift + int(found["power"] or 0) + scale
        if abs(moved) > FARTHEST:
            return None
        whole = "".join(filter(str.isdigit, found["whole"] or ""))
        plain = _moved(whole, found["part"] or "", moved)
        negative = bracketed or (bool(signs) and signs[0] != "+")
        return Read(f"-{plain}" if negative else plain, money, found["percent"] is not None)


def _scale(letters: str, money: str) -> int | None:
    """How far letters move the point; None where only money is written so: 12m may be months."""
    return None if letters in ONLY_MONEY and not money else SCALES.get(letters.lower(), 0)


def _moved(whole: str, part: str, by: int) -> str:
    """The digits with their point moved: exact, whatever their number."""
    if by > 0:
        part = part.ljust(by, "0")
        whole, part = whole + part[:by], part[by:]
    elif by < 0:
        whole = whole.rjust(1 - by, "0")
        whole, part = whole[:by], whole[by:] + part
    if by:
        whole, part = whole.lstrip("0"), part.rstrip("0")
    return f"{whole or '0'}.{part}" if part else whole or "0"
