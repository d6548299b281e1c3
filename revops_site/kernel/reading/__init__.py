"""Any file in, records of text out: bytes of every format, read in a process with limits."""

from revops_site.kernel.reading.guarding import REASONS, guarded
from revops_site.kernel.reading.layouts import Layout
from revops_site.kernel.reading.records import Looked, Record, UnreadableError
from revops_site.kernel.reading.sizes import is_small
from revops_site.kernel.reading.streaming import Stream, look

__all__ = [
    "REASONS",
    "Layout",
    "Looked",
    "Record",
    "Stream",
    "UnreadableError",
    "guarded",
    "is_small",
    "look",
]
