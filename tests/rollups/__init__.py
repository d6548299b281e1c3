"""Sums that are kept are held against the rows that they are of."""
