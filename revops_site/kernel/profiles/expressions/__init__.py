"""A small language for derived columns: it reads a record's cells, and can do nothing else."""

from revops_site.kernel.profiles.expressions.grammar import check, compiled
from revops_site.kernel.profiles.expressions.values import Cells, Value

__all__ = ["Cells", "Value", "check", "compiled"]
