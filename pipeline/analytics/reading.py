"""What a deal's notes say of end user, compliance evidence, next step and risk, by rules alone.

A finding quotes its note word for word. What no rule recognises is not found (None), never guessed;
of several notes that speak of a topic the newest counts, and in a note its last sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.analytics import phrases

TOPICS: Mapping[str, str] = {
    "end_user": "End user",
    "compliance": "Compliance evidence",
    "next_step": "Next step",
    "risk": "Risk",
}
LONGEST_QUOTE = 300
LONGEST_SAYS = 120


@dataclass(frozen=True)
class Text:
    """A note as it is read; ``written`` is when."""

    note_id: str
    body: str
    written: datetime


@dataclass(frozen=True)
class Finding:
    """What a note says of a topic, in short, with the part of the note that says so."""

    topic: str
    says: str
    quote: str
    note_id: str
    written: datetime


Findings = Mapping[str, Finding | None]
RULES: Mapping[str, Callable[[str], str]] = {
    "end_user": phrases.end_user,
    "compliance": phrases.compliance,
    "next_step": phrases.next_step,
    "risk": phrases.risk,
}
# A full stop ends a sentence, but not that of an abbreviation or of a number.
END = re.compile(
    r"(?<!\bSt)(?<!\bDr)(?<!\bMr)(?<!\bNo)(?<!\bMs)(?<!\bMrs)(?<!\bInc)(?<!\bLtd)(?<!\bCo)(?<!\be\.g)"
    r"(?<!\bi\.e)(?<!\bapprox)[.!?]+(?=\s|$)|[\r\n]+|;(?=\s)"
)


def read(notes: Sequence[Text]) -> Findings:
    """What notes say of each topic of ``TOPICS``: None where no rule recognises anything."""
    latest = sorted(notes, key=lambda one: (one.written, one.note_id), reverse=True)
    return {topic: _newest(topic, latest) for topic in TOPICS}


def _newest(topic: str, notes: Sequence[Text]) -> Finding | None:
    rule = RULES[topic]
    for note in notes:
        for sentence in reversed(list(sentences(note.body))):
            if says := rule(" ".join(sentence.split())):
                quote = sentence[:LONGEST_QUOTE].rstrip()
                return Finding(topic, shortened(says), quote, note.note_id, note.written)
    return None


def sentences(body: str) -> Iterator[str]:
    """The sentences of a text, each as it stands there, with the sign that ends it."""
    start = 0
    for end in END.finditer(body):
        yield from _part(body[start : end.end()])
        start = end.end()
    yield from _part(body[start:])


def _part(text: str) -> Iterator[str]:
    if found := text.strip():
        yield found


def shortened(text: str) -> str:
    """A text on one line that is no longer than a finding may be."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SAYS else f"{line[: LONGEST_SAYS - 1].rstrip()}…"
