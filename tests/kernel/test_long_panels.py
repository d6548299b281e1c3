"""A panel of many rows shows the first of them and says how many there are."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from revops_site.kernel.filters import Allowed, Filters, narrow
from revops_site.kernel.fragments.frame import Frame
from revops_site.kernel.fragments.tables import table
from revops_site.kernel.panels import Page, Panel, Shown


def printed(rows: int, most: int = 60) -> dict[str, Any]:
    numbers = pd.DataFrame({"name": [f"n{nth:03}" for nth in range(rows)], "size": range(rows)})
    columns = (Shown("name", "Name"), Shown("size", "Size", "integer"))
    panel = Panel(
        "sizes", "Sizes", "How large?", lambda _: numbers, columns, (), sort="-size", most=most
    )
    page = Page("sizes", "Sizes", (panel,), (), (), lambda _: {}, "all")
    slice_ = narrow(Filters(), Allowed(), date(2025, 1, 1), first_month=1, currency="USD")
    return table(panel, numbers, Frame(page, Filters(), slice_, "/sizes/"))


def test_the_largest_of_many_rows_are_shown_and_the_rest_counted() -> None:
    shown = printed(200, most=25)
    largest = [str(nth) for nth in range(199, 174, -1)]
    assert [row[1].text for row in shown["rows"]] == largest
    assert shown["more"] == "The first 25 of 200 rows; the files hold all."
    assert "200 rows" in str(shown["caption"])


def test_a_table_that_is_whole_says_nothing_more() -> None:
    assert printed(60)["more"] == ""
