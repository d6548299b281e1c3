"""Expressions: what they count, that what is empty stays empty, and that nothing else comes out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revops_site.kernel import profiles
from revops_site.kernel.profiles import Profile, ProfileError, Source
from revops_site.kernel.profiles.expressions.functions import FUNCTIONS
from revops_site.kernel.reading import Record
from tests.kernel.profiles.strangers import TARGETS

HEADERS = ["A", "B", "Close Date", "Name", "Nothing"]
CELLS = ["10", "4", "2024-02-10", "Ana Alba", ""]


def result(expression: str, cells: list[str] = CELLS, column: str = "opportunity_name") -> str:
    """What an expression makes of a record in line 7, or its trouble."""
    profile = Profile("pipeline_deals", columns={column: Source(expression=expression)})
    mapper = profiles.mapper(profiles.job(profile, TARGETS["pipeline_deals"]), HEADERS)
    out = mapper(Record(7, cells))
    assert isinstance(out, Record)
    return out.trouble or out.fields[mapper.titles.index(column)]


@pytest.mark.parametrize(
    ("expression", "is_"),
    [
        ("A + B * 2", "18"),
        ("(A + B) * 2", "28"),
        ("A - B - 1", "5"),
        ("-A + 1", "-9"),
        ("- -A", "10"),
        ("A / B", "2.5"),
        ("A % B", "2"),
        ("0.1 + 0.2", "0.3"),
        ("1 / 3", "0.333333333333"),
        ("A * 1.10", "11"),
        ("`Close Date`", "2024-02-10"),
        ("close_date", "2024-02-10"),
        ("line", "7"),
        ("A > B", "true"),
        ("A = 10.00", "true"),
        ("A <> 10", "false"),
        ("A >= 10 and B <= 4", "true"),
        ("A < 1 or not B > 9", "true"),
        ("Name = 'ANA ALBA'", "true"),
        ("`Close Date` < '2024-03-01'", "true"),
        ("Nothing = ''", "true"),
        ("Nothing = empty", "true"),
        ("if(A > B, 'more', 'less')", "more"),
        ("if(Nothing, 1)", ""),
        ("if('no', 1, 2)", "2"),
        ("if(A > 0, 1, 1 / 0)", "1"),
        ("coalesce(Nothing, Name)", "Ana Alba"),
        ("concat(Name, '-', Nothing, B)", "Ana Alba-4"),
        ("'it''s'", "it's"),
        ('"two words"', "two words"),
        ("lower(Name)", "ana alba"),
        ("upper(Name)", "ANA ALBA"),
        ("title('google ads')", "Google Ads"),
        ("trim('  a   b ')", "a b"),
        ("left(Name, 3)", "Ana"),
        ("right(Name, 4)", "Alba"),
        ("mid(Name, 5, 2)", "Al"),
        ("replace(Name, 'A', '')", "na lba"),
        ("split(Name, ' ', 2)", "Alba"),
        ("split(Name, ' ', -1)", "Alba"),
        ("split(Name, ' ', 9)", ""),
        ("contains(Name, 'alb')", "true"),
        ("digits('No. 4-711')", "4711"),
        ("number('1.50') * 2", "3"),
        ("round(A / 3, 2)", "3.33"),
        ("round(2.5)", "3"),
        ("round(1250, -2)", "1300"),
        ("abs(B - A)", "6"),
        ("min(A, B, Nothing)", "4"),
        ("max(A, B)", "10"),
        ("max(`Close Date`, '2024-05-01')", "2024-05-01"),
        ("date(2024, 2, 29)", "2024-02-29"),
        ("date(`Close Date`) + 20", "2024-03-01"),
        ("date(`Close Date`) - 10", "2024-01-31"),
        ("days('2024-02-01', `Close Date`)", "9"),
        ("month_end(`Close Date`)", "2024-02-29"),
    ],
)
def test_an_expression_counts_exactly(expression: str, is_: str) -> None:
    assert result(expression) == is_


@pytest.mark.parametrize(
    "expression", ["A + Nothing", "Nothing / 0", "upper(Nothing)", "-Nothing", "Nothing < 3"]
)
def test_what_is_empty_stays_empty(expression: str) -> None:
    assert result(expression) == ""


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("A / (B - 4)", "10 / 0 is a division by zero"),
        ("A % 0", "10 % 0 is a division by zero"),
        ("Name * 2", "Ana Alba is not a number"),
        ("month_end(Name)", "Ana Alba is not a date"),
        ("date(2024, 2, 30)", "2024-2-30 is not a date"),
        ("date(2024, 2)", "a date is made of year, month and day"),
        ("left(Name, 1.5)", "1.5 is not a small whole number"),
        ("round(A, 99)", "99 is more places than there are"),
        ("date(`Close Date`) + 999999999", "2024-02-10 + 999999999 is not a date"),
        ("9" * 45, "1.000000e+45 is too large or too small"),
    ],
)
def test_what_has_no_result_is_the_record_s_trouble(expression: str, says: str) -> None:
    assert result(expression) == f"opportunity_name: {says}"


def test_a_text_that_grows_without_end_is_the_record_s_trouble() -> None:
    grown = "'" + "a" * 100 + "'"
    for _ in range(4):
        grown = f"replace({grown}, 'a', '{'a' * 100}')"

    assert "is longer than 20000 characters" in result(grown)


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        (" ", "at character 2: its end is not expected"),
        ("A +", "at character 4: its end is not expected"),
        ("A B", 'at character 3: "B" is not expected'),
        ("(A", 'at character 3: its end stands where ")" is expected'),
        ("A ; B", 'at character 3: "; B" is not understood'),
        ("'open", 'at character 1: "\'open" opens a text that never ends'),
        ("__import__('os')", 'unknown function "__import__"'),
        ("A.b", "is not understood"),
        ("lowr(A)", 'unknown function "lowr" (the nearest is "lower"); known are abs'),
        ("left(A)", "left takes 2, not 1"),
        ("round(A, 1, 2)", "round takes 1 to 2, not 3"),
        ("if(A)", "if takes 2 to 3, not 1"),
        ("(" * 60 + "A" + ")" * 60, "is nested deeper than 50 times"),
        ("+".join("A" * 80), "is nested deeper than 50 times"),
        ("'" + "a" * 3000 + "'", "is longer than 2000 characters"),
        ("Clse_Date", 'unknown header "Clse_Date" (the nearest is "Close Date")'),
    ],
)
def test_what_is_no_expression_is_an_error_with_its_place(expression: str, says: str) -> None:
    with pytest.raises(ProfileError) as error:
        result(expression, column="amount")

    assert says in str(error.value)
    assert str(error.value).startswith("columns.amount")


PIECES = [
    *(*FUNCTIONS, "if", *HEADERS, "`Close Date`", "line", "not", "and", "or", "empty", "true"),
    *("(", ")", ",", "+", "-", "*", "/", "%", "=", "<>", "<", ">=", "'a'", "'2024-02-10'", "0"),
    *("1.5", "99999999999999999999", "`", "'", ".", "é"),
]
PIECE = st.sampled_from(PIECES)
ATOM = st.sampled_from(
    ["A", "B", "`Close Date`", "Name", "Nothing", "'x'", "0", "1.5", "line", "9999999999"]
)
WHOLE = st.recursive(
    ATOM,
    lambda inner: st.one_of(
        st.tuples(
            inner,
            st.sampled_from(["+", "-", "*", "/", "%", "=", "<", ">=", " and ", " or "]),
            inner,
        ).map("".join),
        st.tuples(st.sampled_from([*FUNCTIONS, "if"]), st.lists(inner, min_size=1, max_size=3)).map(
            lambda one: f"{one[0]}({','.join(one[1])})"
        ),
        inner.map(lambda one: f"({one})"),
        inner.map(lambda one: f"not {one}"),
    ),
    max_leaves=12,
)


@settings(max_examples=300)
@given(
    expression=WHOLE | st.lists(PIECE, max_size=12).map(" ".join) | st.text(max_size=30),
    cells=st.lists(
        st.sampled_from([*CELLS, "x" * 50, "1e30", "0", "9999-12-31"]), min_size=5, max_size=5
    ),
)
def test_any_expression_gives_a_value_a_trouble_or_an_error(
    expression: str, cells: list[str]
) -> None:
    found = told(expression, cells)

    assert isinstance(found, str)
    assert told(expression, cells) == found


def told(expression: str, cells: list[str]) -> str:
    """What an expression makes of a record, or what is wrong with it."""
    try:
        return result(expression, cells)
    except ProfileError as error:
        return str(error)
