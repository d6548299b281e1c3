"""Why a number changed: what to take it apart by, what contributed most, and how that is said."""

from insights.analytics.why.stories import (
    MOVEMENT,
    PARTS,
    Ends,
    Source,
    Story,
    best,
    bridged,
    concentration,
    sample_of,
    stories,
)
from insights.analytics.why.tables import contributions, grouped, heads, steps
from insights.analytics.why.words import Words, causes, sentence, together

__all__ = [
    "MOVEMENT",
    "PARTS",
    "Ends",
    "Source",
    "Story",
    "Words",
    "best",
    "bridged",
    "causes",
    "concentration",
    "contributions",
    "grouped",
    "heads",
    "sample_of",
    "sentence",
    "steps",
    "stories",
    "together",
]
