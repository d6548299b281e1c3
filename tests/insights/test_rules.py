"""What all rules keep to: the same numbers give the same text, and each says what it needs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from insights.analytics.insight import Look
from insights.catalog import DATASETS
from insights.rules import RULES
from insights.rules.pipeline import LOW_WIN_RATE
from tests.insights.test_rules_pipeline import ALL


def test_the_same_numbers_give_the_same_insight() -> None:
    assert LOW_WIN_RATE.judge(ALL) == LOW_WIN_RATE.judge(replace(ALL))


def test_another_number_parameter_or_version_gives_another_hash() -> None:
    one = LOW_WIN_RATE.judge(ALL)
    others = [
        LOW_WIN_RATE.judge(replace(ALL, won_amount=1)),
        replace(LOW_WIN_RATE, version=2).judge(ALL),
        replace(LOW_WIN_RATE, parameters=replace(LOW_WIN_RATE.parameters, min_n=5)).judge(ALL),
    ]
    assert one is not None
    hashes = {one.data_hash, *(other.data_hash for other in others if other)}
    assert len(hashes) == 4


def test_a_rule_tells_too_little_from_nothing_wrong_and_from_nothing_at_all() -> None:
    few, fine = replace(ALL, won=1, lost=1), replace(ALL, won=90, lost=10)
    states = [LOW_WIN_RATE.look(facts).state for facts in ([], [few], [few, fine], [fine, ALL])]
    assert states == ["silent", "few", "quiet", "found"]


def test_a_rule_looks_at_facts_of_its_own_kind_only() -> None:
    assert LOW_WIN_RATE.look(["a stranger"]) == Look(LOW_WIN_RATE, "silent")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_names_datasets_that_exist(rule: type) -> None:
    assert set(rule.needs) <= {one.name for one in DATASETS}  # type: ignore[attr-defined]


def test_no_two_rules_share_an_id() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
