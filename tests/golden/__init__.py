"""Worked examples: each file holds an input and the answer that the product must give."""
