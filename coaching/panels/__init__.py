"""Coaching's table of contents: the page of a team, and the page of a rep."""
