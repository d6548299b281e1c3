"""A formula as a sum of products of sums and ratios of sums: the form that can be taken apart."""

from __future__ import annotations

import ast
import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from revops_site.kernel.metrics import parsed

Coefficients: TypeAlias = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Linear:
    """A weighted sum of operands, and a constant."""

    terms: Coefficients
    constant: float = 0.0

    @property
    def operands(self) -> tuple[str, ...]:
        """The operands in the order of the formula."""
        return tuple(name for name, _ in self.terms)

    @property
    def is_constant(self) -> bool:
        """Whether no operand moves it."""
        return not self.terms

    def at(self, operands: Mapping[str, float]) -> float:
        """Its value."""
        return math.fsum([self.constant, *(times * operands[name] for name, times in self.terms)])

    def times(self, factor: float) -> Linear:
        """The same, so many times."""
        terms = tuple((name, times * factor) for name, times in self.terms)
        return Linear(terms, self.constant * factor)

    def plus(self, other: Linear) -> Linear:
        """The sum of both."""
        sums = dict(self.terms)
        for name, times in other.terms:
            sums[name] = sums.get(name, 0.0) + times
        kept = tuple((name, times) for name, times in sums.items() if times)
        return Linear(kept, self.constant + other.constant)


@dataclass(frozen=True)
class Factor:
    """A sum, or one over another; ``turned`` where the product is divided by it.

    ``text`` is the part of the formula that it stands for.
    """

    above: Linear
    below: Linear | None
    text: str
    turned: bool = False

    @property
    def operands(self) -> tuple[str, ...]:
        """All that it is made of, once each."""
        below = self.below.operands if self.below else ()
        return tuple(dict.fromkeys((*self.above.operands, *below)))

    def plain(self, operands: Mapping[str, float]) -> float:
        """Its value as it is written, NaN where it is undefined."""
        above = self.above.at(operands)
        if self.below is None:
            return above
        below = self.below.at(operands)
        return above / below if below else math.nan

    def at(self, operands: Mapping[str, float]) -> float:
        """What the product is multiplied by, NaN where that is undefined."""
        value = self.plain(operands)
        if not self.turned:
            return value
        return 1 / value if value else math.nan


@dataclass(frozen=True)
class Product:
    """Factors that move, times a number that does not."""

    times: float
    factors: tuple[Factor, ...]

    def at(self, operands: Mapping[str, float]) -> float:
        """Its value."""
        return self.times * math.prod(factor.at(operands) for factor in self.factors)


Form: TypeAlias = tuple[Product, ...]


@functools.cache
def form(formula: str) -> Form:
    """The formula in its form; ValueError where it has none, such as one over a sum of ratios."""
    found = _read(parsed(formula).body)
    return _products(found)


Read: TypeAlias = "Linear | Form"


def _read(node: ast.expr) -> Read:
    match node:
        case ast.Name(id=name):
            return Linear(((name, 1.0),))
        case ast.Constant(value=int() | float() as value):
            return Linear((), float(value))
        case ast.BinOp(left=left, op=op, right=right):
            return _joined(_read(left), op, _read(right), node)
    raise ValueError(f"A formula cannot hold {ast.unparse(node)}.")


def _joined(left: Read, op: ast.operator, right: Read, node: ast.BinOp) -> Read:
    match op:
        case ast.Add():
            return _sum(left, right, 1.0)
        case ast.Sub():
            return _sum(left, right, -1.0)
        case ast.Mult():
            return _times(left, right)
        case ast.Div():
            return _over(left, right, node)
    raise ValueError(f"A formula cannot hold {ast.unparse(node)}.")


def _sum(left: Read, right: Read, sign: float) -> Read:
    if isinstance(left, Linear) and isinstance(right, Linear):
        return left.plus(right.times(sign))
    more = tuple(Product(one.times * sign, one.factors) for one in _products(right))
    return (*_products(left), *more)


def _times(left: Read, right: Read) -> Read:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Linear) and one.is_constant and isinstance(other, Linear):
            return other.times(one.constant)
    return tuple(
        Product(one.times * other.times, (*one.factors, *other.factors))
        for one in _products(left)
        for other in _products(right)
    )


def _over(left: Read, right: Read, node: ast.BinOp) -> Read:
    if isinstance(right, Linear) and right.is_constant:
        return _times(left, Linear((), 1 / right.constant))
    if isinstance(left, Linear) and isinstance(right, Linear):
        return (Product(1.0, (Factor(left, right, ast.unparse(node)),)),)
    (below, *others) = _products(right)
    if others or len(below.factors) != 1:
        raise ValueError(f"No form is known of {ast.unparse(node)}.")
    (factor,) = below.factors
    turned = Factor(factor.above, factor.below, factor.text, not factor.turned)
    return tuple(
        Product(one.times / below.times, (*one.factors, turned)) for one in _products(left)
    )


def _products(read: Read) -> Form:
    if not isinstance(read, Linear):
        return read
    if read.is_constant:
        return (Product(read.constant, ()),)
    return (Product(1.0, (Factor(read, None, _text(read)),)),)


def _text(read: Linear) -> str:
    """A sum as a formula says it, so that it is known by its operands."""
    said = ""
    for name, times in read.terms:
        size = "" if abs(times) == 1 else f"{abs(times):g} * "
        sign = ("-" if times < 0 else "") if not said else (" - " if times < 0 else " + ")
        said += f"{sign}{size}{name}"
    return said + (f" + {read.constant:g}" if read.constant else "")
