"""Customers: what they pay each month, who grows, who leaves."""
