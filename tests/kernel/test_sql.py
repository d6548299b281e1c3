"""SQL is laid out for people and stays the same to a database."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revops_site.kernel.fragments.sql import readable

WORDS = ["SELECT", "FROM", "WHERE", "AND", "BETWEEN", "(", ")", ",", "'it''s  (,'", '"a ""b"', "x"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("SELECT a, b FROM t", "SELECT a,\n  b\nFROM t"),
        ("SELECT 1 WHERE (a AND b IN (1, 2))", "SELECT 1\nWHERE (a\n    AND b IN (1, 2))"),
        ("SELECT 1 WHERE a BETWEEN 1 AND 2 AND b", "SELECT 1\nWHERE a BETWEEN 1 AND 2\n  AND b"),
        ("SELECT 1 FROM (SELECT 2) AS t", "SELECT 1\nFROM (\n  SELECT 2\n) AS t"),
        ("SELECT SUM(a) FILTER (WHERE b) FROM t", "SELECT SUM(a) FILTER (WHERE b)\nFROM t"),
        ("SELECT 1 FROM t LEFT OUTER JOIN u ON (a)", "SELECT 1\nFROM t\nLEFT OUTER JOIN u ON (a)"),
        ("SELECT 'a FROM, b  c'", "SELECT 'a FROM, b  c'"),
        ("SELECT 1 -- one", "SELECT 1 -- one"),
        ("", ""),
    ],
)
def test_a_clause_and_a_column_have_a_line_each(written: str, shown: str) -> None:
    assert readable(written) == shown


@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_only_white_space_changes(words: list[str]) -> None:
    sql = " ".join(words)
    assert re.sub(r"\s", "", readable(sql)) == re.sub(r"\s", "", sql)
