"""The CRMs that deals are read from."""

from pipeline.sources.pipedrive import PIPEDRIVE, outline

SOURCES = (PIPEDRIVE,)
# By source: what of it can be mapped, and how it tells that something changed.
OUTLINES = {PIPEDRIVE.name: outline}

__all__ = ["OUTLINES", "PIPEDRIVE", "SOURCES"]
