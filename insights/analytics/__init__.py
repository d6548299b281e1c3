"""Arithmetic over several domains: what rules look at, and how sure they may be."""
