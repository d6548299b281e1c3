"""Days, months and moments as strangers write them, as ISO texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from functools import cached_property
from zoneinfo import ZoneInfo

from revops_site.kernel.profiles.shapes import COUNTS, ISO, shape
from revops_site.kernel.profiles.words import MONTHS
from revops_site.kernel.reading.records import cleaned

MIDNIGHT = time()
EXCEL_DAY_0 = datetime.combine(date(1899, 12, 30), MIDNIGHT)
EPOCH = datetime.combine(date(1970, 1, 1), MIDNIGHT)
PLAIN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMBER = re.compile(r"[0-9]{1,14}(?:\.[0-9]{1,12})?")


@dataclass(frozen=True)
class Moment:
    """What a text says: a day, and where it says it a time and how far that is from UTC."""

    day: date
    time: timedelta | None = None
    offset: timedelta | None = None

    @property
    def naive(self) -> datetime:
        """The moment as a clock there shows it."""
        return datetime.combine(self.day, MIDNIGHT) + (self.time or timedelta())


@dataclass(frozen=True)
class Days:
    """How a file writes days: formats, tried in their order, and the zone of its clocks."""

    formats: tuple[str, ...] = (ISO,)
    zone: str = ""

    @cached_property
    def _shapes(self) -> Sequence[re.Pattern[str] | str]:
        return [one if one in COUNTS else shape(one) for one in self.formats]

    @cached_property
    def _zone(self) -> tzinfo | None:
        return ZoneInfo(self.zone) if self.zone else None

    def read(self, text: str) -> Moment | None:
        """What a text says in the first format that it fits; None where it fits none."""
        plain = cleaned(text)
        for one in self._shapes:
            moment = _counted(one, plain) if isinstance(one, str) else _told(one, plain)
            if moment is not None:
                return moment
        return None

    def iso(self, text: str, kind: str) -> str | None:
        """A text as a day, month or moment (``kind`` is date, month or instant) in ISO 8601.

        A day's moment stays one only where it is known how far it is from UTC: otherwise, and at
        midnight sharp, the day is the one that is written.
        """
        moment = self.read(text)
        if moment is None:
            return None
        if kind == "month":
            return moment.day.isoformat()[:7]
        if moment.time is None:
            return moment.day.isoformat()
        naive, zone = moment.naive, moment.offset
        if kind == "date" and zone is None and (not moment.time or self._zone is None):
            return moment.day.isoformat()
        try:
            if zone is not None:
                return f"{(naive - zone).isoformat()}Z"
            if self._zone is None:
                return naive.isoformat()
            utc = naive.replace(tzinfo=self._zone).astimezone(UTC)
        except OverflowError:
            return None
        return f"{utc.replace(tzinfo=None).isoformat()}Z"


def _counted(format_: str, text: str) -> Moment | None:
    if not NUMBER.fullmatch(text):
        return None
    try:
        number = Decimal(text)
        if format_ == "excel":
            found = EXCEL_DAY_0 + timedelta(microseconds=int(number * 86_400_000_000))
            offset = None
        else:
            seconds = number / 1000 if format_ == "epoch_ms" else number
            found = EPOCH + timedelta(microseconds=int(seconds * 1_000_000))
            offset = timedelta()
    except (OverflowError, InvalidOperation):
        return None
    time = found - datetime.combine(found.date(), MIDNIGHT)
    return Moment(found.date(), None if offset is None and not time else time, offset)


def _told(pattern: re.Pattern[str], text: str) -> Moment | None:
    found = pattern.fullmatch(text)
    if found is None:
        return None
    said = {name: value for name, value in found.groupdict().items() if value is not None}
    try:
        return Moment(_day(said), _time(said), _offset(said))
    except (ValueError, KeyError, OverflowError):
        return None


def _day(said: Mapping[str, str]) -> date:
    if "Y" in said:
        year = int(said["Y"])
    else:
        short = int(said["y"])
        year = short + (1900 if short >= 69 else 2000)
    if "j" in said:
        day = date(year, 1, 1) + timedelta(days=int(said["j"]) - 1)
        if day.year != year:
            raise ValueError(said["j"])
        return day
    month = MONTHS[said["b"].lower()] if "b" in said else int(said["m"])
    return date(year, month, int(said.get("d", "1")))


def _time(said: Mapping[str, str]) -> timedelta | None:
    if "H" not in said:
        return None
    hour, minute, second = (int(said.get(name, "0")) for name in "HMS")
    if "p" in said:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if said["p"] in "pP" else 0)
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(hour)
    part = int(said.get("f", "0").ljust(6, "0")[:6])
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=part)


def _offset(said: Mapping[str, str]) -> timedelta | None:
    zone = said.get("z", "")
    if not zone:
        return None
    digits = "".join(filter(str.isdigit, zone)).ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if offset > timedelta(hours=15):
        raise ValueError(zone)
    return -offset if zone.startswith("-") else offset
