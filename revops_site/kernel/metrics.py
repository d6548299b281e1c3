"""What a number means: its definition as data, and the one way to evaluate it."""

from __future__ import annotations

import ast
import functools
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import pandas as pd

Better: TypeAlias = Literal["up", "down", "neither"]


@dataclass(frozen=True)
class Metric:
    """One definition of the dictionary.

    ``formula`` is arithmetic over named operands, such as ``spend / closed_won``: the very text
    that is evaluated is the text that people read. ``field`` is the name in files and the API;
    ``show`` the compact format of a tile, ``exact`` the full one; ``change`` says whether two
    values are compared by ratio or by difference; ``source`` is the outside authority, if any.
    """

    slug: str
    field: str
    label: str
    meaning: str
    formula: str
    better: Better
    show: str
    exact: str
    edge: str
    source: str = ""
    ids: tuple[str, ...] = ()
    change: Literal["relative", "points"] = "relative"

    @property
    def operands(self) -> tuple[str, ...]:
        """The names in the formula, in the order of their first appearance."""
        names = [node.id for node in ast.walk(_parsed(self.formula)) if isinstance(node, ast.Name)]
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True)
class Measured:
    """A metric's value together with the operands it came from; None where it is undefined."""

    metric: Metric
    value: float | None
    operands: Mapping[str, float]


def column(metric: Metric, operands: pd.DataFrame) -> pd.Series[float]:
    """The metric per row of ``operands``, float64, NaN where it is undefined.

    Raises KeyError when the frame lacks an operand.
    """
    return _evaluate(_parsed(metric.formula).body, operands).astype("float64")


def measure(metric: Metric, operands: pd.DataFrame) -> Measured:
    """The metric of a frame of one row."""
    value = column(metric, operands).iloc[0]
    row = operands.iloc[0]
    kept = {name: float(row[name]) for name in metric.operands}
    return Measured(metric, None if pd.isna(value) else float(value), kept)


def change(metric: Metric, now: float | None, before: float | None) -> float | None:
    """How far ``now`` is from ``before``: a fraction, or points; None where it cannot be said."""
    if now is None or before is None or pd.isna(now) or pd.isna(before):
        return None
    if metric.change == "points":
        return now - before
    return (now - before) / abs(before) if before else None


def _divide(above: pd.Series[float], below: pd.Series[float]) -> pd.Series[float]:
    return above / below.where(below != 0)


_ARITHMETIC: dict[type[ast.operator], Callable[..., pd.Series[float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divide,
}


@functools.cache
def _parsed(formula: str) -> ast.Expression:
    return ast.parse(formula, mode="eval")


def _evaluate(node: ast.expr, operands: pd.DataFrame) -> pd.Series[float]:
    match node:
        case ast.Name(id=name):
            return operands[name].astype("float64")
        case ast.Constant(value=int() | float() as value):
            return pd.Series(float(value), index=operands.index)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            return _ARITHMETIC[type(op)](_evaluate(left, operands), _evaluate(right, operands))
    raise ValueError(f"A formula may hold names, numbers and + - * / only: {ast.dump(node)}")
