"""Tokens of others are stored so that who has the database alone cannot use them."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from revops_site.kernel import sealing


def test_a_sealed_secret_is_none_to_see_and_opens_again() -> None:
    sealed = sealing.seal("a token")
    assert "token" not in sealed
    assert sealing.seal("a token") != sealed
    assert sealing.unseal(sealed) == "a token"


def test_a_newer_key_seals_and_the_older_one_still_opens(settings: LazySettings) -> None:
    settings.SEALING_KEYS = ["the old key"]
    sealed = sealing.seal("a token")
    settings.SEALING_KEYS = ["the new key", "the old key"]
    assert sealing.unseal(sealed) == "a token"
    again = sealing.resealed(sealed)
    settings.SEALING_KEYS = ["the new key"]
    assert sealing.unseal(again) == "a token"
    with pytest.raises(sealing.BrokenSealError, match="Enter the token again"):
        sealing.unseal(sealed)
