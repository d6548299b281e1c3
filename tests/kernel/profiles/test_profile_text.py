"""A profile's text: what may stand in it, what is said of what may not, and that it comes back."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revops_site.kernel import profiles
from revops_site.kernel.profiles import Lookup, Profile, ProfileError, Source, parse, written
from revops_site.kernel.reading import Layout
from tests.kernel.profiles.strangers import DOCS, TARGETS

EVERYTHING = """
dataset = "pipeline_deals"
repeats = "drop"
nulls = ["NA", "--"]
others = "match"

[file]
format = "csv"
encoding = "cp1252"
delimiter = ";"
skip = 2
header = false
names = ["a", "b"]
drop = ["Total", "Grand total"]
headers_again = "keep"

[dates]
formats = ["%m/%d/%Y", "iso"]
zone = "America/New_York"

[numbers]
decimal = ","
thousands = "."

[columns]
deal_id = "Opportunity ID"
amount = { from = "Close Value", unit = "micros" }
currency = { from = "Close Value", symbol = true }
stage = { from = "Stage", otherwise = "Other", default = "None" }
status = { from = "Stage", values = { Won = "won", "Closed Lost" = "lost" } }
source_channel = { constant = "Import" }
expected_close = { expression = "coalesce(`Close Date`, '2024-12-31')", formats = ["%d.%m.%Y"] }
manager_name = { from = "Agent", lookup = "teams", column = "manager" }
probability = { constant = 0.25 }
created_at = { from = "Created", default = 2017-01-01 }
is_deleted = { constant = false }

[lookups.teams]
file = "teams.csv"
key = "agent"
"""


def test_all_that_a_profile_says_is_understood() -> None:
    profile = parse(EVERYTHING)

    assert profile.layout.delimiter == ";"
    assert profile.layout.skip == 2
    assert profile.layout.names == ("a", "b")
    assert (profile.repeats, profile.others, profile.headers_again) == ("drop", "match", "keep")
    assert profile.drop == ("Total", "Grand total")
    assert (profile.decimal, profile.thousands) == (",", ".")
    assert profile.columns["status"].values == {"Won": "won", "Closed Lost": "lost"}
    assert profile.columns["created_at"].default == "2017-01-01"
    assert profile.columns["probability"].constant == "0.25"
    assert profile.columns["is_deleted"].constant == "false"
    assert profile.lookups == {"teams": Lookup("teams.csv", "agent")}


def test_a_written_profile_is_the_same_when_it_is_read() -> None:
    profile = parse(EVERYTHING)

    assert parse(written(profile)) == profile
    assert parse(written(Profile())) == parse("[columns]")


TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
WORD = TEXT.filter(str.strip)
SOURCES = st.one_of(
    st.builds(Source, header=WORD),
    st.builds(Source, constant=TEXT),
    st.builds(
        Source,
        header=WORD,
        unit=st.sampled_from(["", "micros", "percent"]),
        symbol=st.booleans(),
        formats=st.sampled_from([(), ("iso", "%d/%m/%y")]),
        values=st.dictionaries(TEXT, TEXT, max_size=3),
        otherwise=st.none() | TEXT,
        default=st.none() | TEXT,
    ),
)
PROFILES = st.builds(
    Profile,
    dataset=TEXT,
    layout=st.sampled_from([Layout(), Layout(skip=3, delimiter="|"), Layout(sheets=("*",))]),
    columns=st.dictionaries(TEXT, SOURCES, max_size=4),
    others=st.just("leave"),
    repeats=st.sampled_from(["keep", "drop"]),
    nulls=st.lists(WORD, max_size=2).map(tuple),
    drop=st.lists(WORD, max_size=2).map(tuple),
)


@settings(max_examples=80)
@given(profile=PROFILES, remark=TEXT)
def test_whatever_a_profile_says_it_says_when_it_is_read_again(
    profile: Profile, remark: str
) -> None:
    remarks = {"": remark, "columns": remark, "columns.gone": remark, "file": remark}

    assert parse(written(profile, remarks)) == profile


@settings(max_examples=150)
@given(
    text=st.text(max_size=60) | st.sampled_from(["[", "[[columns]]", "a=" + "[" * 3000, "nulls=1"])
)
def test_any_text_is_a_profile_or_an_error_that_says_why(text: str) -> None:
    with suppress(ProfileError):
        assert parse(text) == parse(written(parse(text)))


def test_remarks_are_comments_before_what_they_are_about() -> None:
    profile = Profile(dataset="reps", columns={"name": Source(header="Name")})
    remarks = {"": "Look.\nTwice.", "columns.name": "like Ana", "columns.rep_id": "could be No"}

    assert written(profile, remarks) == (
        '# Look.\n# Twice.\ndataset = "reps"\n\n[columns]\n# like Ana\nname = "Name"\n'
        '# could be No\n# rep_id = ""\n'
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("dataset = ", "the profile is not TOML: Invalid value (at "),
        ("datset = 'x'", 'the profile: unknown key "datset" (the nearest is "dataset"); known are'),
        ("dataset = 3", "dataset: is not a text in quotes"),
        ("repeats = 'twice'", 'repeats: "twice" is not one of "keep", "drop"'),
        ("others = 3", 'others: what it says is not one of "match", "leave"'),
        ("nulls = [3]", 'nulls: is not a list of texts like ["one", "other"]'),
        ("file = 3", "file: is not a table like [file]"),
        ("[file]\nskp = 2", 'file: unknown key "skp" (the nearest is "skip"); known are format'),
        ("[file]\nskip = -1", "file: skip: -1 is not a number of lines"),
        ("[file]\ndrop = ['']", "file.drop: is not a list of texts"),
        ("[file]\nheaders_again = 'x'", 'file.headers_again: "x" is not one of "keep", "drop"'),
        ("[dates]\nformat = 'iso'", 'dates: unknown key "format" (the nearest is "formats")'),
        ("[dates]\nformats = ['%Q']", 'dates.formats: "%Q" has unknown "%Q"; known are %Y %y'),
        ("[dates]\nformats = ['%d/%m']", 'dates.formats: "%d/%m" has no year and month; try'),
        ("[dates]\nformats = ['%Y%m%d%Y']", 'dates.formats: "%Y%m%d%Y" has "%Y" twice'),
        ("[dates]\nzone = 'Mars'", 'dates.zone: "Mars" is no time zone; try one like'),
        ("[numbers]\ndecimal = ';'", 'numbers.decimal: ";" is not one of ".", ","'),
        ("[numbers]\nthousands = '.'", 'numbers: decimal and thousands are both "."'),
        ("[columns]\na = 3", "columns.a: is neither a header in quotes nor a table like"),
        ("[columns]\na = ''", 'columns.a: names no header; { constant = "" } leaves it empty'),
        ("[columns]\na = {}", "columns.a: needs one of from, constant, expression, and has none"),
        (
            "[columns]\na = { from = 'x', constant = 'y' }",
            "columns.a: needs one of from, constant, expression, and has from and constant",
        ),
        ("[columns]\na = { form = 'x' }", 'columns.a: unknown key "form" (the nearest is "from")'),
        (
            "[columns]\na = { from = 'x', unit = 'dozen' }",
            'columns.a.unit: "dozen" is not one of "percent", "cents"',
        ),
        (
            "[columns]\na = { from = 'x', symbol = 'yes' }",
            "columns.a.symbol: is neither true nor false",
        ),
        ("[columns]\na = { from = 'x', values = 3 }", "columns.a.values: is not a table like"),
        (
            "[columns]\na = { from = 'x', values = { b = [] } }",
            "columns.a.values.b: is not a text, a number, a date, true or false",
        ),
        (
            "[columns]\na = { constant = 'x', default = 'y' }",
            'columns.a: "default" does not go with constant',
        ),
        (
            "[columns]\na = { expression = 'x', unit = 'cents' }",
            'columns.a: "unit" does not go with expression',
        ),
        ("[columns]\na = { from = 'x', lookup = 'y' }", "columns.a: lookup needs column beside it"),
        ("[columns]\na = { from = 'x', column = 'y' }", "columns.a: column needs lookup beside it"),
        (
            "columns.a = { from = 'x', lookup = 'y', column = 'z' }\n"
            "lookups.yes = { file = 'f', key = 'k' }",
            'columns.a.lookup: unknown lookup "y" (the nearest is "yes"); known are yes',
        ),
        ("[lookups]\nteams = 3", "lookups.teams: is not a table with file and key"),
        ("[lookups.teams]\nkey = 'x'", "lookups.teams: file is missing"),
        (
            "[lookups.teams]\nkey = 'x'\nfile = '../x.csv'",
            'lookups.teams.file: "../x.csv" leads out of the folder',
        ),
        (
            "[lookups.teams]\nkey = 'x'\nfile = '/etc/passwd'",
            'lookups.teams.file: "/etc/passwd" leads out of the folder',
        ),
        (
            "[lookups.teams]\nkey = 'x'\nfile = 'C:\\\\x.csv'",
            "leads out of the folder",
        ),
        (
            "[columns]\na = { expression = '1 +' }",
            "columns.a.expression: at character 4: its end is not expected",
        ),
    ],
)
def test_an_error_names_the_place_what_is_known_and_what_is_nearest(text: str, says: str) -> None:
    with pytest.raises(ProfileError) as error:
        parse(text)

    assert says in str(error.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"[file]\nskip = {'9' * 5000}", "the profile has a number of more than 30 digits"),
        (f"[file]\nskip = {'9' * 40}", "file.skip: is a number of more than 30 digits"),
        ("[file]\nskip = 99999999999", "file: skip: 99999999999 is not a number of lines"),
        ("[file]\nwidths = [99999999999]", "is not a list of widths in characters"),
        (
            f"columns.a.constant = 0x{'f' * 9000}",
            "columns.a.constant: is a number of more than 30 digits",
        ),
        (
            "columns.a.constant = 1e99999999999999999999",
            "the profile has a number of more than 30 digits",
        ),
        ("columns.a.constant = 1e999999", "columns.a.constant: is a number of more than 30"),
        ("columns.a.constant = nan", "columns.a.constant: is not a number that can be counted"),
        (f"a = {'[' * 3000}{']' * 3000}", "the profile is not TOML: nested too deep"),
        (f"a{'.b' * 5000} = 1", "the profile is not TOML: nested too deep"),
    ],
    ids=lambda text: text[:30],
)
def test_absurd_numbers_and_nesting_are_refused_with_a_sentence(text: str, says: str) -> None:
    with pytest.raises(ProfileError) as error:
        parse(text)

    assert says in str(error.value)


def test_a_profile_that_is_far_too_long_is_refused() -> None:
    with pytest.raises(ProfileError, match="is longer than"):
        parse("#" * 300_000)


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.toml")), ids=lambda path: path.stem)
def test_a_documented_profile_names_columns_of_its_dataset_and_all_that_it_needs(
    path: Path,
) -> None:
    profile = parse(path.read_text(encoding="utf-8"), path.parent)
    known = TARGETS[profile.dataset]

    assert profiles.lacking(profile, known) == []
    assert parse(written(profile)) == profile


def test_the_documentation_shows_a_profile_that_is_one() -> None:
    text = (DOCS.parent / "profiles.md").read_text(encoding="utf-8")

    profile = parse(text.split("```toml")[1].split("```")[0])

    assert profiles.lacking(profile, TARGETS[profile.dataset]) == ["stage"]
    assert parse(written(profile)) == profile
