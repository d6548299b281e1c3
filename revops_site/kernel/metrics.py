"""What a number means: its definition as data, and the one way to evaluate it."""

from __future__ import annotations

import ast
import functools
import math
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from revops_site.kernel.frames import Floats, numbers

Better: TypeAlias = Literal["up", "down", "neither"]
Operands: TypeAlias = Mapping[str, Any]


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
        return _names(self.formula)


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
    return pd.Series(values(metric, operands), index=operands.index)


def values(metric: Metric, operands: Mapping[str, Any] | pd.DataFrame) -> Floats:
    """The same of columns by name, as an array."""
    known = {name: np.asarray(operands[name], dtype="float64") for name in metric.operands}
    found: Floats = _evaluate(parsed(metric.formula).body, known)
    return found


def sums(rows: pd.DataFrame, names: Iterable[str]) -> dict[str, float]:
    """The sum of each of these columns; 0 where there is no row, NaN left out."""
    wanted = list(names)
    return dict(zip(wanted, np.nansum(numbers(rows, wanted), axis=1).tolist(), strict=True))


def number(operands: Operands | pd.DataFrame, name: str) -> float:
    """One of the operands, given by name or as a frame of one row."""
    found = operands[name]
    return float(found.iloc[0] if isinstance(found, pd.Series) else found)


def measure(metric: Metric, operands: Operands | pd.DataFrame) -> Measured:
    """The metric of operands by name, or of a frame of one row."""
    kept = {name: number(operands, name) for name in metric.operands}
    value = _evaluate(parsed(metric.formula).body, kept)
    return Measured(metric, None if math.isnan(value) else float(value), kept)


def change(metric: Metric, now: float | None, before: float | None) -> float | None:
    """How far ``now`` is from ``before``: a fraction, or points; None where it cannot be said."""
    if now is None or before is None:
        return None
    if metric.change == "points":
        return now - before
    return (now - before) / abs(before) if before else None


def _divide(above: Any, below: Any) -> Any:
    if not isinstance(below, np.ndarray):
        return above / below if below else math.nan
    whole = np.broadcast_to(np.asarray(above, dtype="float64"), below.shape)
    return np.divide(whole, below, out=np.full(below.shape, np.nan), where=below != 0)


_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divide,
}
_ALLOWED = (ast.Expression, ast.Name, ast.Constant, ast.BinOp, ast.Load, *_ARITHMETIC)


@functools.cache
def parsed(formula: str) -> ast.Expression:
    """The formula as a tree, refused where it holds anything but arithmetic."""
    tree = ast.parse(formula, mode="eval")
    strange = [node for node in ast.walk(tree) if not isinstance(node, _ALLOWED)]
    if strange:
        raise ValueError(f"A formula may hold names, numbers and + - * / only: {formula}")
    return tree


@functools.cache
def _names(formula: str) -> tuple[str, ...]:
    names = [node for node in ast.walk(parsed(formula)) if isinstance(node, ast.Name)]
    in_order = sorted(names, key=lambda node: (node.lineno, node.col_offset))
    return tuple(dict.fromkeys(node.id for node in in_order))


def _evaluate(node: ast.expr, operands: Mapping[str, Any]) -> Any:
    """The value of a formula over numbers, or over columns of them alike."""
    match node:
        case ast.Name(id=name):
            return operands[name]
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            return _ARITHMETIC[type(op)](_evaluate(left, operands), _evaluate(right, operands))
    raise ValueError(f"A formula cannot hold {ast.unparse(node)}.")
