"""An insight: what a rule found, how sure it is, what is at stake, and how all that came about."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from insights.analytics.strength import Direction, Strength, beyond, equals, strength

Category: TypeAlias = Literal["marketing", "pipeline", "revenue", "people", "series"]
Severity: TypeAlias = Literal["high", "medium", "low", "good"]
State: TypeAlias = Literal["found", "quiet", "few", "late", "silent", "failed"]
F = TypeVar("F")
P = TypeVar("P", bound="Parameters")

SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low", "good")
HIGH_FROM, MEDIUM_FROM = 0.5, 0.2  # of the effect
MATERIAL = 0.10  # of the figure that somebody dismissed: beyond, it is told again


@dataclass(frozen=True)
class Parameters:
    """What a rule can be set to; ``min_n`` is the smallest sample that it speaks about."""

    min_n: int


@dataclass(frozen=True)
class Evidence:
    """Where the reader sees it: a page of ours, the filters to change there, a panel of it."""

    page: str
    label: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    panel: str = ""


@dataclass(frozen=True)
class Statement:
    """What the numbers say of one subject, whether or not it is worth saying.

    ``value`` is held against ``threshold``, both written in the format ``show``; ``n`` is how many
    ``counted`` it rests on. ``money`` is what is at stake in the reporting currency, and ``stake``
    how that is computed. ``operands`` are all numbers that went in. ``scale`` and ``filled`` are
    those of ``strength``; ``severity`` is how grave it is where its effect does not say.
    """

    subject: str
    value: float
    threshold: float
    n: int
    counted: str
    show: str
    headline: str
    explanation: str
    action: str
    evidence: Evidence
    operands: Mapping[str, Any]
    money: float | None = None
    stake: str = ""
    scale: float | None = None
    filled: float = 1.0
    severity: Severity | None = None


@dataclass(frozen=True)
class Insight:
    """A statement that is worth saying, with the rule that says so.

    ``data_hash`` changes with the rule's version, its parameters or any number that went in.
    """

    rule: str
    version: int
    label: str
    category: Category
    severity: Severity
    said: Statement
    strength: Strength
    parameters: Mapping[str, Any]
    ignores: tuple[str, ...]
    data_hash: str

    @property
    def rank(self) -> tuple[int, float, str, str]:
        """Sorts the gravest first, then the most money, then by rule and subject."""
        place = SEVERITIES.index(self.severity)
        return place, -(self.said.money or 0.0), self.rule, self.said.subject


@dataclass(frozen=True)
class Look(Generic[P]):
    """What became of a rule: what it found, or why it says nothing.

    ``quiet``: it looked at enough and all is well. ``few``: there was too little to speak about.
    ``silent``: there was nothing at all to look at; ``late``: there is, but too much at once.
    ``failed``: the reckoning came to grief.
    """

    rule: Rule[Any, P]
    state: State
    insights: tuple[Insight, ...] = ()


@dataclass(frozen=True)
class Rule(Generic[F, P]):
    """What is worth saying: a pure function over facts of one type, with its parameters.

    ``say`` gives a statement, None where its numbers are undefined; it becomes an insight where the
    sample is large enough and the value lies in ``direction`` of the threshold, or on it where the
    rule ``is_inclusive``. ``looks`` says in
    a sentence what it looks for, ``needs`` names the datasets without which it cannot, ``besides``
    what else there has to be; ``ignores`` are filters of its page that it cannot apply.
    """

    id: str
    version: int
    label: str
    category: Category
    direction: Direction
    about: type[F]
    parameters: P
    say: Callable[[F, P], Statement | None]
    looks: str
    needs: tuple[str, ...]
    besides: str = ""
    ignores: tuple[str, ...] = ()
    is_good: bool = False
    is_inclusive: bool = False

    def judge(self, fact: F) -> Insight | None:
        """The insight of one fact, None where there is nothing to say."""
        said = self.say(fact, self.parameters)
        return None if said is None else self._worth(said)

    def look(self, facts: Sequence[object]) -> Look[P]:
        """What it makes of all facts of its type among these."""
        mine = [fact for fact in facts if type(fact) is self.about]
        said = [one for one in (self.say(fact, self.parameters) for fact in mine) if one]
        found = tuple(one for one in map(self._worth, said) if one)
        if found:
            return Look(self, "found", found)
        if any(one.n >= self.parameters.min_n for one in said):
            return Look(self, "quiet")
        return Look(self, "few" if mine else "silent")

    def _worth(self, said: Statement) -> Insight | None:
        if said.n < self.parameters.min_n:
            return None
        is_there = self.is_inclusive and equals(said.value, said.threshold)
        if not is_there and not beyond(self.direction, said.value, said.threshold):
            return None
        how_sure = strength(
            said.value, said.threshold, said.n, scale=said.scale, filled=said.filled
        )
        parameters = dataclasses.asdict(self.parameters)
        return Insight(
            rule=self.id,
            version=self.version,
            label=self.label,
            category=self.category,
            severity="good" if self.is_good else said.severity or _severity(how_sure.effect),
            said=said,
            strength=how_sure,
            parameters=parameters,
            ignores=self.ignores,
            data_hash=_hash(self.id, self.version, parameters, said),
        )


def material(now: Insight, value: float, severity: str, version: int) -> bool:
    """Whether an insight is another than it was: by its rule, graver, or moved by over a tenth."""
    if now.version != version:
        return True
    if severity in SEVERITIES and SEVERITIES.index(now.severity) < SEVERITIES.index(severity):
        return True
    return abs(now.said.value - value) > MATERIAL * abs(value)


def digest(rule: Rule[Any, Any]) -> str:
    """What tells a rule with its version and parameters from any other."""
    text = json.dumps([rule.id, rule.version, dataclasses.asdict(rule.parameters)], sort_keys=True)
    return hashlib.blake2s(text.encode(), digest_size=16).hexdigest()


def configured(
    rules: Sequence[Rule[Any, Any]], settings: Mapping[str, Mapping[str, Any]]
) -> tuple[Rule[Any, Any], ...]:
    """The rules with these parameters in place of their own, as far as they know them."""
    return tuple(_set_to(rule, settings.get(rule.id, {})) for rule in rules)


def _set_to(rule: Rule[Any, Any], given: Mapping[str, Any]) -> Rule[Any, Any]:
    names = {one.name for one in dataclasses.fields(rule.parameters)}
    known = {name: value for name, value in given.items() if name in names}
    if not known:
        return rule
    return dataclasses.replace(rule, parameters=dataclasses.replace(rule.parameters, **known))


def _severity(effect: float) -> Severity:
    if effect >= HIGH_FROM:
        return "high"
    return "medium" if effect >= MEDIUM_FROM else "low"


def _hash(rule: str, version: int, parameters: Mapping[str, Any], said: Statement) -> str:
    numbers = [said.subject, said.value, said.threshold, said.n, dict(said.operands)]
    text = json.dumps([rule, version, parameters, numbers], sort_keys=True, default=str)
    return hashlib.blake2s(text.encode(), digest_size=16).hexdigest()
