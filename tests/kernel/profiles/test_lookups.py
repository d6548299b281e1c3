"""A value beside a name in a second file: found in any spelling, and never out of the folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from revops_site.kernel import profiles
from revops_site.kernel.profiles import ProfileError
from tests.kernel.profiles.strangers import TARGETS, mapped, records

DEALS = TARGETS["pipeline_deals"]
HEADERS = ["Deal", "Agent", "Worth"]
LOOKUP = """
dataset = "pipeline_deals"
nulls = ["n/a"]
[columns]
deal_id = "Deal"
manager_name = { from = "Agent", lookup = "teams", column = "Manager" }
[columns.region]
from = "Agent"
lookup = "teams"
column = "Office"
values = { C = "Central" }
default = "Nowhere"
[lookups.teams]
file = "teams.csv"
key = "Agent"
"""


@pytest.mark.parametrize(
    "data",
    [
        b"Agent,Manager,Office\nAna Alba,Bo,C\n",
        b"\xef\xbb\xbfagent;MANAGER;office\r\nana  alba;Bo;C\r\n;;\r\n",
        "Agent\tManager\tOffice\nAna Alba\tBo\tC\n".encode("utf-16"),
    ],
)
def test_a_value_beside_a_name_in_a_second_file_is_found(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "teams.csv").write_bytes(data)
    rows = [["D1", "ANA ALBA", ""], ["D2", "Cy", ""], ["D3", "n/a", ""], ["D4", "", ""]]

    found = mapped(LOOKUP, HEADERS, rows, tmp_path)

    told = [(one["manager_name"], one["region"]) for one in found if isinstance(one, dict)]
    assert told == [("Bo", "Central"), ("", "Nowhere"), ("", "Nowhere"), ("", "Nowhere")]


def test_names_that_the_second_file_does_not_have_are_counted_once(tmp_path: Path) -> None:
    (tmp_path / "teams.csv").write_text("Agent,Manager,Office\nAna,Bo,C\n")
    job = profiles.job(profiles.parse(LOOKUP), DEALS, near=tmp_path)
    mapper = profiles.mapper(job, HEADERS)

    for record in records([["D1", "Ana", ""], ["D2", "Cy", ""], ["D3", "Cy", ""], ["D4", "", ""]]):
        mapper(record)

    assert mapper.remarks == {"not found in teams": 2}


def test_of_two_rows_with_one_name_the_last_counts(tmp_path: Path) -> None:
    (tmp_path / "teams.csv").write_text("Agent,Manager,Office\nAna,Bo,C\nAna,Cy,D\n")

    (found,) = mapped(LOOKUP, HEADERS, [["D1", "Ana", ""]], tmp_path)

    assert isinstance(found, dict)
    assert found["manager_name"] == "Cy"


def test_a_second_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as error:
        profiles.job(profiles.parse(LOOKUP, tmp_path), DEALS)

    assert 'lookups.teams.file: "teams.csv" is not there' in str(error.value)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.csv").write_text("Agent,Manager,Office\n")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "teams.csv").symlink_to(tmp_path / "outside.csv")

    with pytest.raises(ProfileError, match="is not there"):
        profiles.job(profiles.parse(LOOKUP, tmp_path / "in"), DEALS)


def test_a_second_file_without_the_column_is_an_error_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "teams.csv").write_text("Agent,Mangaer,Office\n")

    with pytest.raises(ProfileError) as error:
        mapped(LOOKUP, HEADERS, [], tmp_path)

    assert 'lookups.teams: unknown header "Manager" (the nearest is "Mangaer")' in str(error.value)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04nothing", b"Agent,Manager,Office\0"])
def test_a_second_file_that_is_no_table_is_an_error(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "teams.csv").write_bytes(data)

    with pytest.raises(ProfileError, match=r"^lookups\.teams"):
        mapped(LOOKUP, HEADERS, [], tmp_path)
