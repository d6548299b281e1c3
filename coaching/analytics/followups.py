"""What a follow-up says: its text by reason, from facts alone, and how it may be stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

REASONS = ("inactive", "overdue", "stuck")  # which of a deal's reasons is told first
LONGEST_NAME = 90
SUBJECTS: Mapping[str, str] = {
    "overdue": "Where do we stand with {deal}?",
    "stuck": "What would help with the next step of {deal}?",
    "inactive": "Shall we talk about {deal} again?",
    "asked": "A short word on {deal}",
}
OPENINGS: Mapping[str, str] = {
    "overdue": "It is {days} since anything moved on {deal}. Are your plans still the same, "
    "and is there anything that you need from us?",
    "stuck": "{deal} has been at the same point for {days}. What would help you to take the "
    "next step: a talk with somebody who uses it, an answer to a question, something else?",
    "inactive": "We have not spoken about {deal} for {days}. Is it still on your list, or has "
    "something else come first?",
    "asked": "I would like to hear how things stand with {deal}, and whether there is anything "
    "that you need from us.",
}
EXPECTED = "We had {close_date} in mind for your decision. Does that day still suit you?"
CLOSING = (
    "Name a time that suits you and I will call you. If it is off the table, a short answer helps "
    "as well."
)
STOP_BY_LINK = "If you do not want such mails from us: {link}"
STOP_BY_ANSWER = "If you do not want such mails from us, please answer with the word “stop”."


@dataclass(frozen=True)
class Facts:
    """What a follow-up may speak of; ``days`` are those that the reason counts, None of none.

    ``close_date`` and ``last_activity_at`` are None where unknown; names are on one line.
    """

    reason: str
    deal: str
    account: str
    contact: str
    rep: str
    stage: str
    days: int | None
    close_date: date | None
    last_activity_at: date | None
    today: date

    def as_json(self) -> dict[str, object]:
        """The same as JSON may have it."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
        }

    @staticmethod
    def of(kept: Mapping[str, Any]) -> Facts:
        """Those of ``as_json``."""
        days = {
            name: date.fromisoformat(kept[name]) if kept[name] else None
            for name in ("close_date", "last_activity_at", "today")
        }
        return Facts(**{**kept, **days})


def worded(facts: Facts, said: Sequence[str] = ()) -> tuple[str, str]:
    """Subject and text: with the paragraphs ``said`` where some are given, else the template's."""
    deal = line(facts.deal, LONGEST_NAME)
    first = line(facts.contact, LONGEST_NAME).split(" ")[0]
    parts = [
        f"Hello {first}," if first else "Hello,",
        *(said or paragraphs(facts, deal)),
        f"Kind regards\n{line(facts.rep, LONGEST_NAME)}".strip(),
    ]
    return SUBJECTS[facts.reason].format(deal=deal), "\n\n".join(parts)


def paragraphs(facts: Facts, deal: str) -> list[str]:
    """What the template of the reason says of a deal that is called so."""
    days = "1 day" if facts.days == 1 else f"{facts.days} days"
    said = [OPENINGS[facts.reason].format(deal=deal, days=days)]
    if facts.close_date is not None and facts.close_date >= facts.today:
        said.append(EXPECTED.format(close_date=written(facts.close_date)))
    return [*said, CLOSING]


def with_way_out(text: str, link: str) -> str:
    """The text with how to stop such mails: by a link, or where there is none by an answer."""
    stop = STOP_BY_LINK.format(link=link) if link else STOP_BY_ANSWER
    return f"{text.rstrip()}\n\n-- \n{stop}\n"


def written(day: date) -> str:
    """A day as people read it everywhere."""
    return f"{day.day} {day:%B %Y}"


def line(text: str, longest: int) -> str:
    """A name on one line, without signs that cannot be seen, cut where it is long."""
    found = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return found if len(found) <= longest else f"{found[: longest - 1].rstrip()}…"
