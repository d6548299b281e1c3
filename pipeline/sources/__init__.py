"""The CRMs that deals are read from."""

from pipeline.sources.pipedrive import PIPEDRIVE

SOURCES = (PIPEDRIVE,)

__all__ = ["PIPEDRIVE", "SOURCES"]
