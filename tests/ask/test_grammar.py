"""What people ask is understood, and what is not is said to be so."""

from __future__ import annotations

from insights.analytics.asking import address, read
from tests.ask.asked import Expected, questions
from tests.ask.company import vocabulary


def understood(expected: Expected) -> bool:
    """Whether the question is read as it is meant, in every part."""
    return told(expected.text) == (
        expected.verb,
        expected.metrics,
        expected.by,
        expected.address,
    )


def told(text: str) -> tuple[str, tuple[str, ...], str, str]:
    """What a question is read as, in the words of ``questions.txt``."""
    known = vocabulary()
    found = read(text, known).question
    if found is None:
        return "cannot", (), "", ""
    verb = f"{found.verb} {found.most}" if found.most else found.verb
    return verb, found.metrics, found.by, address(found, known)


def test_nearly_all_questions_of_the_tuned_half_are_understood() -> None:
    tuned = [one for one in questions() if not one.is_kept]
    wrong = [one.text for one in tuned if not understood(one)]
    assert not wrong
