"""Why a number changed: its change taken apart exactly, into what each group of the data did."""

from revops_site.kernel.decomposing.effects import Effect, Side
from revops_site.kernel.decomposing.parts import (
    Decomposition,
    Part,
    decompose,
    has_factors,
    is_made_of_parts,
    sided,
)

__all__ = [
    "Decomposition",
    "Effect",
    "Part",
    "Side",
    "decompose",
    "has_factors",
    "is_made_of_parts",
    "sided",
]
