"""Deals: what is open, what was won, what was lost."""
