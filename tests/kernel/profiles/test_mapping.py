"""Whole records through a profile: what is kept, what is dropped, what is looked up beside it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revops_site.kernel import profiles
from revops_site.kernel.profiles import Profile, ProfileError, Source
from revops_site.kernel.profiles.drops import Drops
from revops_site.kernel.reading import Record
from tests.kernel.profiles.strangers import TARGETS, mapped

DEALS = TARGETS["pipeline_deals"]
HEADERS = ["Deal", "Agent", "Worth"]
PROFILE = """
dataset = "pipeline_deals"
[file]
drop = ["Total"]
[columns]
deal_id = "Deal"
owner = "Agent"
amount = "Worth"
"""


def test_columns_come_out_in_the_dataset_s_order_with_what_may_be_empty() -> None:
    (found,) = mapped(PROFILE, HEADERS, [["D1", "Ana", "10"]])

    assert isinstance(found, dict)
    assert list(found) == [
        *("deal_id", "account", "segment", "owner", "amount", "expected_close"),
        *("last_stage_change", "probability", "source_channel"),
    ]
    assert (found["deal_id"], found["owner"], found["amount"], found["account"]) == (
        "D1",
        "Ana",
        "10",
        "",
    )


def test_a_column_that_needs_a_value_and_gets_none_is_named() -> None:
    profile = profiles.parse(PROFILE)

    assert profiles.lacking(profile, DEALS) == ["stage", "created_at", "status"]
    assert profiles.lacking(profiles.parse('dataset = "x"'), DEALS, ["Stage", "STATUS"]) == [
        "deal_id",
        "created_at",
    ]


def test_without_columns_every_header_that_means_one_is_taken() -> None:
    (found,) = mapped(
        'dataset = "pipeline_deals"\n[numbers]\ndecimal = ","',
        ["Opportunity-ID", "Stage Name", "AMOUNT", "Unknown"],
        [["D1", "Demo", "1,5", "x"]],
    )

    assert isinstance(found, dict)
    assert (found["deal_id"], found["stage"], found["amount"]) == ("D1", "Demo", "1.5")


def test_others_match_beside_columns_that_are_named() -> None:
    profile = (
        'dataset = "pipeline_deals"\nothers = "match"\n[columns]\nstage = { constant = "New" }'
    )
    (found,) = mapped(profile, ["deal_id", "stage"], [["D1", "Old"]])

    assert isinstance(found, dict)
    assert (found["deal_id"], found["stage"]) == ("D1", "New")


def test_rows_of_totals_are_dropped_and_names_that_only_begin_alike_stay() -> None:
    rows = [
        ["Total", "", "10"],
        ["", "TOTAL (2 deals)", "10"],
        ["total: ", "", ""],
        ["Totally Spies", "Ana", "1"],
        ["Total2", "Ana", "1"],
        ["D1", "Total", "1"],
        ["Total Accounts EMEA", "Ana", "1"],
    ]

    found = mapped(PROFILE, HEADERS, rows)

    assert found[:3] == ["total rows"] * 3
    assert all(isinstance(one, dict) for one in found[3:])


def test_the_total_of_a_group_is_dropped_and_an_ordinary_row_of_such_a_name_stays() -> None:
    headers = ["Deal", "Agent", "Worth", "Region", "Industry"]
    rows = [
        ["Total EMEA", "", "1,234.50", "", ""],
        ["Total: 2 rows", "", "", "", ""],
        ["Total", "Ana", "5", "", ""],
        ["Total Wine", "", "5", "US", "Retail"],
        ["Total rebuild 1", "Ana", "5", "EMEA", "Oil"],
    ]

    found = mapped(PROFILE, headers, rows)

    assert found[:3] == ["total rows"] * 3
    assert all(isinstance(one, dict) for one in found[3:])


def test_a_short_line_of_an_ordinary_name_is_refused_not_dropped() -> None:
    mapper = profiles.mapper(profiles.job(profiles.parse(PROFILE), DEALS), HEADERS)
    short = Record(9, [], "has 4 fields where the header has 3", "Total Wine,US,Retail,Red")

    assert mapper(short) == short


def test_lines_below_the_records_are_dropped_by_how_they_begin() -> None:
    profile = PROFILE.replace('"Total"', '"Copyright (c)", "Confidential"')
    mapper = profiles.mapper(profiles.job(profiles.parse(profile), DEALS), HEADERS)
    short = "has 1 field where the header has 3"

    for line in ("Copyright (c) 2026 Example, Inc.", "Confidential Information - Keep"):
        assert mapper(Record(9, [], short, line)) == "rows that begin as the profile says"
        assert mapper(Record(9, [line, "", ""])) == "rows that begin as the profile says"


def test_a_row_of_totals_that_is_short_of_fields_is_dropped_not_refused() -> None:
    mapper = profiles.mapper(profiles.job(profiles.parse(PROFILE), DEALS), HEADERS)

    assert (
        mapper(Record(9, [], "has 2 fields where the header has 3", '"Total",10')) == "total rows"
    )
    assert mapper(Record(9, [], "holds a NUL byte", "D1,")) == Record(
        9, [], "holds a NUL byte", "D1,"
    )


def test_the_header_once_more_is_dropped_in_any_case() -> None:
    rows = [
        ["DEAL", "agent ", "Worth"],
        ["Deal", "", "Worth"],
        ["Deal", "Ana", "5"],
        ["Deal", "", ""],
    ]

    found = mapped(PROFILE, HEADERS, rows)

    assert found[:2] == ["header rows again"] * 2
    assert all(isinstance(one, dict) for one in found[2:])
    kept = PROFILE.replace("[file]", '[file]\nheaders_again = "keep"')
    assert isinstance(mapped(kept, HEADERS, rows)[0], dict)


def test_exact_repeats_are_dropped_where_that_is_asked_for() -> None:
    rows = [["D1", "Ana", "1"], ["D1", "Ana", "1"], ["D1", "Ana", "2"], ["D1,Ana", "", "1"]]

    assert all(isinstance(one, dict) for one in mapped(PROFILE, HEADERS, rows))
    found = mapped('repeats = "drop"' + PROFILE, HEADERS, rows)
    assert [isinstance(one, dict) for one in found] == [True, False, True, True]
    assert found[1] == "exact repeats"


def test_more_records_than_repeats_can_be_found_among_are_an_error() -> None:
    drops = Drops(Profile(repeats="drop"), HEADERS, most=2)

    assert [drops(Record(n, [f"D{n}", "", ""])) for n in range(2)] == ["", ""]
    with pytest.raises(ProfileError, match="repeats can be found among 2 records"):
        drops(Record(3, ["D3", "", ""]))


def test_a_record_in_trouble_says_how_it_begins() -> None:
    mapper = profiles.mapper(profiles.job(profiles.parse(PROFILE), DEALS), HEADERS)

    out = mapper(Record(9, ["2.41E+18", "Ana", "5"]))

    assert isinstance(out, Record)
    assert (out.line, out.fields, out.begins) == (9, [], "2.41E+18,Ana,5")
    assert out.trouble.startswith("deal_id: 2.41E+18 is what Excel makes of a long id")


def test_a_job_survives_json_and_a_profile_in_python_is_as_good_as_one_in_text() -> None:
    profile = Profile("pipeline_deals", columns={"Deal-ID": Source(header="deal")})

    job = json.loads(json.dumps(profiles.job(profile, DEALS)))
    mapper = profiles.mapper(job, HEADERS)

    assert mapper.titles[0] == "deal_id"


@pytest.mark.parametrize(
    ("columns", "headers", "says"),
    [
        (
            'dealid = "Deal"',
            HEADERS,
            'columns.dealid: unknown column "dealid" (the nearest is "deal_id"); known are',
        ),
        (
            'deal_id = "Deal"\nopportunity_id = "Deal"',
            HEADERS,
            "columns.opportunity_id: is given twice",
        ),
        (
            'deal_id = "Dael"',
            HEADERS,
            'unknown header "Dael" (the nearest is "Deal"); known are Deal, Agent, Worth',
        ),
        (
            'deal_id = "deal"',
            ["Deal", "DEAL"],
            'columns.deal_id: header "deal" stands 2 times in the file',
        ),
        (
            'deal_id = { expression = "Dael" }',
            HEADERS,
            'columns.deal_id.expression: unknown header "Dael"',
        ),
    ],
)
def test_what_the_file_or_the_dataset_does_not_have_is_an_error_with_the_nearest(
    columns: str, headers: list[str], says: str
) -> None:
    with pytest.raises(ProfileError) as error:
        mapped(f'dataset = "pipeline_deals"\n[columns]\n{columns}', headers, [])

    assert says in str(error.value)


def test_of_two_headers_the_one_that_is_written_so_is_meant() -> None:
    (found,) = mapped(
        'dataset = "pipeline_deals"\n[columns]\ndeal_id = "DEAL"', ["Deal", "DEAL"], [["a", "b"]]
    )

    assert isinstance(found, dict)
    assert found["deal_id"] == "b"


def test_a_file_without_rows_gives_titles_alone() -> None:
    assert mapped(PROFILE, HEADERS, []) == []


KINDS = """
dataset = "pipeline_deals"
nulls = ["-"]
[dates]
formats = ["%m/%d/%Y", "excel", "iso"]
zone = "Asia/Tokyo"
[numbers]
thousands = ","
[columns]
deal_id = "A"
owner = "B"
segment = "B"
amount = { from = "A", unit = "cents" }
currency = { from = "A", symbol = true }
created_at = "A"
update_time = "B"
probability = { expression = "coalesce(A, B) / 100" }
has_champion = "B"
status = { from = "B", values = { x = "won" } }
"""
CELL = st.text(max_size=12) | st.from_regex(r"[-($€]{0,2}[0-9.,/:eE%+-]{1,12}[)%]?", fullmatch=True)


@settings(max_examples=300)
@given(rows=st.lists(st.tuples(CELL, CELL), max_size=3))
def test_any_cells_become_a_record_or_a_reason(rows: list[tuple[str, str]]) -> None:
    found = mapped(KINDS, ["A", "B"], rows)

    assert len(found) == len(rows)
    assert found == mapped(KINDS, ["A", "B"], rows)
