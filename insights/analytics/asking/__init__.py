"""Questions in plain words, read by a grammar over the numbers, dimensions and times we have."""

from insights.analytics.asking.calendars import Clock
from insights.analytics.asking.question import GROUPED, VERBS, Question, address, of_query
from insights.analytics.asking.reading import Heard, Reading, read, spans_of
from insights.analytics.asking.vocabulary import Known, Vocabulary

__all__ = [
    "GROUPED",
    "VERBS",
    "Clock",
    "Heard",
    "Known",
    "Question",
    "Reading",
    "Vocabulary",
    "address",
    "of_query",
    "read",
    "spans_of",
]
