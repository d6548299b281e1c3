"""The judge of the worked examples: it lets nothing slip, and says clearly what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.golden import compare, files
from tests.golden.__main__ import main
from tests.golden.files import Golden
from tests.golden.run import Outcome, Verdict, report

TOLERANCE = {"abs": 1e-6, "rel": 1e-9}


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (1, 1.0000009),
        (0.5, 0.5 + 9e-10),
        (1e12, 1e12 + 900),
        ({"a": 1}, {"a": 1.0, "b": 2}),
        ([{"a": None}], [{"a": None}]),
        ("$2.1M", "$2.1M"),
        (True, True),
    ],
)
def test_equal_within_tolerance_is_equal(expected: Any, actual: Any) -> None:
    assert list(compare.differences(expected, actual, TOLERANCE)) == []


@pytest.mark.parametrize(
    ("expected", "actual", "complaint"),
    [
        (1, 1.000002, "the answer: expected 1, got 1.000002"),
        (0.5, 0.5 + 2e-9, "the answer: expected 0.5, got 0.500000002"),
        (0, None, "the answer: expected 0, got None"),
        (None, 0, "the answer: expected None, got 0"),
        (None, float("nan"), "the answer: expected None, got nan"),
        (1, True, "the answer: expected 1, got True"),
        (1, "1", "the answer: expected 1, got '1'"),
        ({"a": {"b": None}}, {"a": {}}, "a.b: expected None, got nothing"),
        ({"a": [1]}, {"a": [1, 2]}, "a: expected 1 items, got 2"),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, "a[0].b: expected 1, got 2"),
        ([1], {"0": 1}, "the answer: expected [1], got {'0': 1}"),
    ],
)
def test_a_difference_is_named_with_its_place(expected: Any, actual: Any, complaint: str) -> None:
    assert list(compare.differences(expected, actual, TOLERANCE)) == [complaint]


def test_the_order_of_a_list_counts() -> None:
    assert len(list(compare.differences(["a", "b"], ["b", "a"], TOLERANCE))) == 2


def test_the_answer_of_a_wrong_method_is_recognised() -> None:
    answer = {"channels": [{"cac": 1900.0000001}], "2025-09-30": {"won": 5}}
    wrong = {"channels[0].cac": 1900, "2025-09-30.won": 6, "channels[7].cac": 1}
    assert list(compare.traps(wrong, answer, TOLERANCE)) == [
        "channels[0].cac: 1900 is what a wrong method gives"
    ]


def golden(family: str) -> Golden:
    return Golden(f"G_{family}", family, {}, {}, {}, {}, {})


def test_the_last_line_counts_and_one_failure_spoils_the_run() -> None:
    passed = Outcome(golden("a"), Verdict.PASSED)
    failed = Outcome(golden("b"), Verdict.FAILED, ("x: expected 1, got 2",))
    stranger = Outcome(golden("c"), Verdict.WITHOUT_ADAPTER)
    text, well = report([passed, stranger])
    assert (text.splitlines()[-1], well) == ("1 passed, 0 failed, 1 without adapter", True)
    text, well = report([passed, failed, stranger])
    assert (text.splitlines()[-1], well) == ("1 passed, 1 failed, 1 without adapter", False)
    assert "x: expected 1, got 2" in text


def test_a_named_family_that_did_not_run_spoils_the_run() -> None:
    passed = Outcome(golden("a"), Verdict.PASSED)
    stranger = Outcome(golden("c"), Verdict.WITHOUT_ADAPTER)
    assert report([passed], ["a"])[1]
    text, well = report([passed, stranger], ["a", "c", "d"])
    assert not well
    assert "No example of the family c was run." in text
    assert "No example of the family d was run." in text


def test_a_run_of_nothing_is_no_success() -> None:
    assert report([]) == ("0 passed, 0 failed, 0 without adapter", False)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "holds no .json file"),
        ("{", "G01.json is not valid JSON"),
        ("[]", "G01.json is no worked example"),
        (json.dumps({"family": "a", "input": {}}), "it lacks 'expected'"),
    ],
)
def test_an_unreadable_folder_is_named_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, sentence: str
) -> None:
    if content is not None:
        (tmp_path / "G01.json").write_text(content)
    assert main([str(tmp_path)]) == 2
    assert sentence in capsys.readouterr().err


def test_a_missing_folder_is_named_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "none")]) == 2
    assert "There is no folder" in capsys.readouterr().err


def test_each_family_that_is_kept_has_an_example() -> None:
    assert {golden.family for golden in files.read(files.CASES)} >= {
        "marketing_kpis",
        "channel_performance",
        "funnel_breakdown",
        "trend_timeseries",
        "calendar",
        "fx_convert",
        "formatters",
        "mrr_normalize",
    }
