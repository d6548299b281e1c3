"""The audit log beyond its rows: the chain over them, what is recorded of itself, the search."""
