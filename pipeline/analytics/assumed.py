"""What somebody assumes of deals: as an address says it, as a scenario keeps it, as it is meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from urllib.parse import quote, unquote

from revops_site.kernel import formats
from revops_site.kernel.periods import plus

Entries: TypeAlias = Mapping[str, Mapping[str, str]]
OUT = "out"
FIELDS = ("amount", "close", "chance")
MOST = 50  # deals that can be assumed of at once
LONGEST = 24_000  # characters of an address
LONGEST_TEXT = 40
YEARS_AHEAD = 5
LARGEST = 10**12
NUMBER = re.compile(r"\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True)
class Assumed:
    """What is assumed of one deal; None leaves it as it stands.

    ``amount`` is in the reporting currency, ``chance`` from 0 to 1.
    """

    is_out: bool = False
    amount: float | None = None
    close: date | None = None
    chance: float | None = None


@dataclass(frozen=True)
class Problem:
    """What of a deal's assumptions cannot be meant, as the end of a sentence."""

    deal_id: str
    field: str
    says: str


class RefusedError(ValueError):
    """Why a text or a value cannot be used, in words."""


def read(text: str) -> dict[str, dict[str, str]]:
    """What ``written`` wrote: by deal, what is given by field; ``out`` where it is left out.

    Raises RefusedError where the text says more than anybody could have entered.
    """
    if len(text) > LONGEST:
        raise RefusedError("The address says more than can be assumed at once.")
    found: dict[str, dict[str, str]] = {}
    for entry in filter(None, text.split(",")):
        deal, *parts = entry.split("~")
        given = dict(part.partition("=")[::2] for part in parts)
        kept = {name: unquote(given[name])[:LONGEST_TEXT] for name in FIELDS if name in given}
        kept = {name: _clean(value) for name, value in kept.items()}
        own = {**({OUT: "1"} if OUT in given else {}), **{k: v for k, v in kept.items() if v}}
        if own and deal:
            found[_clean(unquote(deal))] = own
    return found


def written(entries: Entries) -> str:
    """The one text that says the same: deals by commas, what is assumed of each by tildes."""
    return ",".join(
        "~".join(
            [
                _quoted(deal),
                *([OUT] if OUT in given else []),
                *(f"{name}={_quoted(given[name])}" for name in FIELDS if given.get(name)),
            ]
        )
        for deal, given in entries.items()
        if given
    )


def meant(entries: Entries, day: date) -> tuple[dict[str, Assumed], list[Problem]]:
    """What can be meant on a day, and what cannot; a deal's other assumptions hold."""
    found, problems = {}, []
    for deal, given in entries.items():
        values: dict[str, float | date] = {}
        for name in FIELDS:
            if name not in given:
                continue
            try:
                values[name] = value(name, given[name], day)
            except RefusedError as why:
                problems.append(Problem(deal, name, str(why)))
        if values or OUT in given:
            found[deal] = Assumed(is_out=OUT in given, **values)  # type: ignore[arg-type]
    return found, problems


def value(name: str, text: str, day: date) -> float | date:
    """The amount, day or chance that a text means; RefusedError with the reason why it cannot."""
    if name == "close":
        return _day(text, day)
    return amount(text) if name == "amount" else _chance(text)


def among(entries: Entries, deals: Collection[str]) -> dict[str, Mapping[str, str]]:
    """Only what is assumed of these deals."""
    return {deal: given for deal, given in entries.items() if deal in deals}


def amount(text: str) -> float:
    """The amount that a text means; RefusedError with the reason why it means none."""
    if text.startswith(("-", "−")):
        raise RefusedError(f"the amount “{text}” is below 0")
    if not NUMBER.fullmatch(text):
        raise RefusedError(f"the amount “{text}” is not a number such as 80000 or 80,000.50")
    found = float(text.replace(",", "").replace(" ", ""))
    if found > LARGEST:
        raise RefusedError(f"the amount “{text}” is more than any deal is worth")
    return found


def _day(text: str, day: date) -> date:
    try:
        if not DAY.fullmatch(text):
            raise ValueError(text)
        found = date.fromisoformat(text)
    except ValueError:
        said = f"the close “{text}” is not a date such as 2025-01-31"
        raise RefusedError(said) from None
    if found < day:
        raise RefusedError(
            f"the close {formats.show(found, 'date')} lies before {formats.show(day, 'date')}, "
            "the day that the data are of"
        )
    if found > plus(day, 366 * YEARS_AHEAD):
        said = f"the close {formats.show(found, 'date')} lies more than {YEARS_AHEAD} years ahead"
        raise RefusedError(said)
    return found


def _chance(text: str) -> float:
    plain = text.removesuffix("%").strip()
    if not NUMBER.fullmatch(plain) or float(plain.replace(",", "").replace(" ", "")) > 100:
        raise RefusedError(f"the chance “{text}” is not a percentage from 0 to 100")
    return float(plain.replace(",", "").replace(" ", "")) / 100


def _clean(text: str) -> str:
    return "".join(one for one in text if one.isprintable()).strip()


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="replace").replace("~", "%7E")
