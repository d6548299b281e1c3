"""Every worked example that is kept with the product gives the answer that it states."""

from __future__ import annotations

import pytest

from tests.golden import files, run


@pytest.mark.django_db
@pytest.mark.parametrize("golden", files.read(files.CASES), ids=lambda golden: golden.name)
def test_the_product_gives_the_answer_of_the_worked_example(golden: files.Golden) -> None:
    assert run.complaints(golden) == ()
