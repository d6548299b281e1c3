"""The grammar of expressions: a text becomes one function of a record, or an error that says why.

From loosest to tightest: or, and, not, comparisons, + -, * / %, minus sign. ``if`` looks only at
the branch that it takes.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from revops_site.kernel.profiles.errors import ProfileError, unknown
from revops_site.kernel.profiles.expressions import steps, tokens
from revops_site.kernel.profiles.expressions.functions import FUNCTIONS
from revops_site.kernel.profiles.expressions.tokens import Token
from revops_site.kernel.profiles.expressions.values import Cells, Step

DEEPEST = 50
Field: TypeAlias = Callable[[str], Step]
LEVELS = (("+", "-"), ("*", "/", "%"))
COMPARISONS = ("=", "==", "!=", "<>", "<", "<=", ">", ">=")
KNOWN: dict[str, Step] = {
    "line": steps.of_line,
    "true": steps.constant(True),
    "false": steps.constant(False),
    "empty": steps.constant(None),
}


class Node(NamedTuple):
    """A part of an expression, compiled, and how deep it is nested."""

    step: Step
    depth: int


def check(expression: str, place: str) -> None:
    """Raise ProfileError unless this is an expression; which headers there are does not count."""
    compiled(expression, place, lambda header: steps.constant(None), Cells())


def compiled(expression: str, place: str, field: Field, cells: Cells) -> Step:
    """The function that an expression is.

    ``field`` gives the function that reads a header's cell, or raises ProfileError.
    """
    return _Parser(tokens.split(expression, place), place, field, cells).whole()


class _Parser:
    def __init__(self, words: list[Token], place: str, field: Field, cells: Cells) -> None:
        self._words, self._place, self._field, self._cells = words, place, field, cells
        self._at = 0
        self._depth = 0

    def whole(self) -> Step:
        node = self._either()
        if self._word.kind != "end":
            raise self._unexpected()
        return node.step

    @property
    def _word(self) -> Token:
        return self._words[self._at]

    def _unexpected(self) -> ProfileError:
        word = self._word
        return ProfileError(f"{self._place}: at character {word.at}: {word.shown} is not expected")

    def _is(self, *says: str, kind: str = "sign") -> str:
        """The next word if it is one of these: it is taken then; else nothing."""
        word = self._word
        found = word.says.lower() if word.kind == kind and word.says.lower() in says else ""
        self._at += bool(found)
        return found

    def _need(self, sign: str) -> None:
        if not self._is(sign):
            word = self._word
            says = f'{word.shown} stands where "{sign}" is expected'
            raise ProfileError(f"{self._place}: at character {word.at}: {says}")

    def _node(self, step: Step, *parts: Node) -> Node:
        depth = 1 + max((part.depth for part in parts), default=0)
        if depth > DEEPEST:
            raise ProfileError(f"{self._place}: is nested deeper than {DEEPEST} times")
        return Node(step, depth)

    def _either(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ProfileError(f"{self._place}: is nested deeper than {DEEPEST} times")
        left = self._both()
        while self._is("or", kind="name"):
            right = self._both()
            left = self._node(steps.joined(left.step, right.step, True), left, right)
        self._depth -= 1
        return left

    def _both(self) -> Node:
        left = self._negated()
        while self._is("and", kind="name"):
            right = self._negated()
            left = self._node(steps.joined(left.step, right.step, False), left, right)
        return left

    def _negated(self) -> Node:
        times = 0
        while self._is("not", kind="name"):
            times += 1
        node = self._compared()
        for _ in range(min(times, 2 - times % 2)):
            node = self._node(steps.negated(node.step), node)
        return node

    def _compared(self) -> Node:
        left = self._level(0)
        sign = self._is(*COMPARISONS)
        if not sign:
            return left
        right = self._level(0)
        step = steps.compared(self._cells, sign, left.step, right.step)
        return self._node(step, left, right)

    def _level(self, level: int) -> Node:
        if level == len(LEVELS):
            return self._signed()
        left = self._level(level + 1)
        while sign := self._is(*LEVELS[level]):
            left = self._counted(sign, left, self._level(level + 1))
        return left

    def _counted(self, sign: str, left: Node, right: Node) -> Node:
        return self._node(steps.summed(self._cells, sign, left.step, right.step), left, right)

    def _signed(self) -> Node:
        times = 0
        while sign := self._is("-", "+"):
            times += sign == "-"
        node = self._smallest()
        if times % 2 == 0:
            return node
        return self._counted("-", Node(steps.constant(Decimal(0)), 0), node)

    def _smallest(self) -> Node:
        word = self._word
        self._at += 1
        if word.kind == "number":
            return self._node(steps.constant(Decimal(word.says)))
        if word.kind == "text":
            return self._node(steps.constant(word.says or None))
        if word.kind == "header":
            return self._node(self._field(word.says))
        if word.kind == "name":
            return self._called(word) if self._is("(") else self._named(word)
        if word.says == "(" and word.kind == "sign":
            inner = self._either()
            self._need(")")
            return inner
        self._at -= 1
        raise self._unexpected()

    def _named(self, word: Token) -> Node:
        name = word.says.lower()
        if name in {"and", "or", "not"}:
            self._at -= 1
            raise self._unexpected()
        return self._node(KNOWN.get(name) or self._field(word.says))

    def _called(self, word: Token) -> Node:
        name = word.says.lower()
        given: list[Node] = []
        while not self._is(")"):
            if given:
                self._need(",")
            given.append(self._either())
        place = f"{self._place}: at character {word.at}"
        if name == "if":
            return self._chosen(place, given)
        function = FUNCTIONS.get(name)
        if function is None:
            raise unknown(place, "function", word.says, sorted([*FUNCTIONS, "if"]))
        if not function.least <= len(given) <= function.most:
            most = "" if function.least == function.most else f" to {function.most}"
            raise ProfileError(f"{place}: {name} takes {function.least}{most}, not {len(given)}")
        step = steps.called(self._cells, function, [node.step for node in given])
        return self._node(step, *given)

    def _chosen(self, place: str, given: list[Node]) -> Node:
        if not 2 <= len(given) <= 3:
            raise ProfileError(f"{place}: if takes 2 to 3, not {len(given)}")
        when, then, *rest = [node.step for node in given]
        step = steps.chosen(when, then, rest[0] if rest else steps.constant(None))
        return self._node(step, *given)
