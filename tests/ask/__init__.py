"""Questions that people ask, written before the grammar that reads them, and what is meant."""
