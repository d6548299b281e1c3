"""Why rows are refused: all of them counted before anything is stored, and after it alike."""

from __future__ import annotations

from django.test import Client

from tests.insights.sending import GOOD, HEADER, do, fact, kept, page, sent, shown, work

__all__ = ["kept", "page"]


def deals() -> str:
    """30 good rows, 25 with a bad amount, one of which has a bad day too, and 6 of one key each."""
    rows = [GOOD.format(n) for n in range(30)]
    rows += [GOOD.format(n).replace("1.500,25", f"much{n}") for n in range(30, 55)]
    rows[-1] = rows[-1].replace("31.03.2026", "soon")
    rows += [GOOD.format(90 + n // 6).replace("Deal", f"Deal {n}") for n in range(12)]
    return "\n".join([HEADER, *rows, ""])


def test_all_refused_cells_are_counted_by_column_and_reason_with_the_first_of_them(
    page: Client,
) -> None:
    one = sent(page, deals())
    told = shown(page, one)
    assert fact(told, "Refused") == "35"
    for says in (
        "25 × <strong>amount</strong> is not a number",
        "(line 32: “much30”, line 33: “much31”, line 34: “much32” …)",
        "1 × <strong>created_at</strong>",
        "(line 56: “soon”)",
        "10 × <strong>deal_id</strong> line … has the same key and counts",
    ):
        assert says in told
    do(page, one, "import")
    work()
    assert told[told.index("Why rows") : told.index("</ul>")] in shown(page, one)


def test_one_of_a_kind_is_told_in_the_singular(page: Client) -> None:
    rows = [*map(GOOD.format, range(9)), GOOD.format(8), "Total;;;;1.500,25;;"]
    one = sent(page, "\n".join([HEADER, *rows, ""]))
    told = shown(page, one)
    assert "1 total row (line 12)" in told
    assert "1 record repeats an earlier one exactly" in told
