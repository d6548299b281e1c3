"""How cells are written, guessed from a sample: days, numbers, empty words, totals, spellings."""

from __future__ import annotations

import pytest

from revops_site.kernel.profiles import Guess, Source
from tests.kernel.profiles.strangers import guessed, mapped


def dated(days: list[str], more: list[str] | None = None) -> Guess:
    rows = [[f"D{n}", day, "Demo", "10", (more or days)[n]] for n, day in enumerate(days)]
    return guessed(["deal_id", "created_at", "stage", "amount", "expected_close"], rows)


def test_the_order_of_day_and_month_is_told_by_the_sample() -> None:
    assert dated(["16/10/2024", "3/5/2024"]).profile.formats == ("%d/%m/%Y",)
    assert dated(["10/16/2024", "3/5/2024"]).profile.formats == ("%m/%d/%Y",)
    assert dated(["3/5/2024"], ["16/10/2024"]).profile.formats == ("%d/%m/%Y",)
    assert dated(["5. März 2024"]).profile.formats == ("%d. %B %Y",)


def test_an_order_of_day_and_month_that_nothing_tells_is_a_doubt() -> None:
    found = dated(["3/5/2024", "4/5/2024"])

    assert found.profile.formats == ("%m/%d/%Y",)
    assert "dates like 3/5/2024 are read as %m/%d/%Y; or is the day first?" in found.doubts


def test_dates_in_both_orders_are_a_doubt() -> None:
    found = dated(["16/10/2024", "10/16/2024"])

    assert found.profile.formats == ("%m/%d/%Y", "%d/%m/%Y")
    assert any("dates come in two orders" in doubt for doubt in found.doubts)


def test_iso_dates_beside_others_are_both_named() -> None:
    assert set(
        dated(["2024-10-16", "2024-10-17"], ["16.10.2024", "17.10.2024"]).profile.formats
    ) == {
        "iso",
        "%d.%m.%Y",
    }


def amounts(cells: list[str]) -> Guess:
    rows = [[f"D{n}", "2024-01-01", "Demo", cell, "open"] for n, cell in enumerate(cells)]
    return guessed(["deal_id", "created_at", "stage", "amount", "status"], rows)


@pytest.mark.parametrize(
    ("cells", "marks"),
    [
        (["1,234.50", "12.00"], (".", ",")),
        (["1.234,50", "12,00"], (",", ".")),
        (["1 234,50", "12,00"], (",", " ")),
        (["12,50", "0,5"], (",", "")),
        (["1250", "0.5"], (".", "")),
    ],
)
def test_the_marks_of_numbers_are_told_by_the_sample(
    cells: list[str], marks: tuple[str, str]
) -> None:
    found = amounts(cells)

    assert (found.profile.decimal, found.profile.thousands) == marks
    assert not [doubt for doubt in found.doubts if "mark in numbers" in doubt]


def test_a_mark_that_could_be_either_is_a_doubt() -> None:
    assert (
        "the mark in numbers like 1,234 is taken to set off thousands"
        in amounts(["1,234", "5"]).doubts
    )


def test_signs_of_currencies_get_a_column_of_their_own() -> None:
    assert amounts(["€1,234.50"]).profile.columns["currency"] == Source(
        header="amount", symbol=True
    )


def test_words_for_empty_among_numbers_are_named() -> None:
    assert amounts(["10", "n/a", "20", "--", "30"]).profile.nulls == ("n/a", "--")


def test_rows_of_totals_are_named_and_not_mistaken_for_deals() -> None:
    rows = [[f"D{n}", "2024-01-01", "Demo", "5", "open"] for n in range(5)]
    headers = ["deal_id", "created_at", "stage", "amount", "status"]

    found = guessed(headers, [*rows, ["Grand Total", "", "", "25", ""]])

    assert found.profile.drop == ("Grand Total",)
    assert mapped(found.profile, headers, [["Grand Total", "", "", "25", ""]]) == ["total rows"]


def test_repeats_are_a_doubt() -> None:
    found = amounts(["10"] * 1)
    again = guessed(["deal_id", "stage"], [["D1", "Demo"], ["D1", "Demo"], ["D2", "Demo"]])

    assert not [doubt for doubt in found.doubts if "repeat" in doubt]
    assert any(
        doubt.startswith("1 records repeat an earlier one exactly") for doubt in again.doubts
    )


def test_spellings_that_nobody_knows_are_a_doubt_and_those_with_a_known_word_are_mapped() -> None:
    rows = [
        [f"D{n}", "2024-01-01", "Demo", "5", s]
        for n, s in enumerate(["Deal won", "Deal lost", "Stuck"])
    ]

    found = guessed(["deal_id", "created_at", "stage", "amount", "status"], rows)

    assert found.profile.columns["status"].values == {"Deal won": "won", "Deal lost": "lost"}
    assert "status: Stuck is not one of open, won, lost" in found.doubts
