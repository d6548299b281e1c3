"""Measurements that are kept: what is fast, against what, on which data."""
