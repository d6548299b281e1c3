"""What a password must be besides what Django asks: not endless, not of the company's words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError

from revops_site.kernel import freshness

LONGEST = 128
OURS = ("revops", "control", "center", "centre", "revenue", "operations", "dashboard")
PLAIN = ("password", "passwort", "welcome", "login", "admin", "letmein", "qwerty")
SHORTEST_REST = 6  # letters that no known word gave
SWAPPED = str.maketrans("0134578@$!", "oieastbasi")


class NotTooLong:
    """At most 128 characters: the hash of a longer one would be a way to keep the server busy."""

    def validate(self, password: str, user: object = None) -> None:
        """Refuse what is longer."""
        if len(password) > LONGEST:
            raise ValidationError(f"This password is longer than {LONGEST} characters.")

    def get_help_text(self) -> str:
        """What a person choosing one is told."""
        return f"Your password may have up to {LONGEST} characters."


class NotOfTheCompany:
    """Not made of the product's and the company's names, however they are spelled and numbered."""

    def validate(self, password: str, user: object = None) -> None:
        """Refuse what has little left when the known words are taken out."""
        letters = re.sub(r"[^a-z]", "", password.casefold().translate(SWAPPED))
        rest = letters
        for word in sorted(_words(), key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != letters and len(rest) < SHORTEST_REST:
            raise ValidationError(
                "This password is made of words that belong to the company or to every list of "
                "passwords. Take words that nobody would expect here."
            )

    def get_help_text(self) -> str:
        """What a person choosing one is told."""
        return "Your password can’t be made of the company’s own words."


def _words() -> Iterable[str]:
    named = [freshness.workspace().name, *settings.COMPANY_WORDS]
    company = (part for name in named for part in re.split(r"[^a-z]+", name.casefold()))
    return {*OURS, *PLAIN, *(word for word in company if len(word) > 2)}
