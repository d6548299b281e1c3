"""Every worked example that is kept with the product gives the answer that it states."""

from __future__ import annotations

import pytest

from tests.golden import files, run
from tests.golden.adapters import ADAPTERS


@pytest.mark.django_db
@pytest.mark.parametrize("golden", files.read(files.CASES), ids=lambda golden: golden.name)
def test_the_product_gives_the_answer_of_the_worked_example(golden: files.Golden) -> None:
    assert run.complaints(golden) == ()


def test_every_family_of_worked_examples_is_answered_by_the_product() -> None:
    assert {golden.family for golden in files.read(files.CASES)} == set(ADAPTERS)
    assert len(files.read(files.CASES)) == 41
