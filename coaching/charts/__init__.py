"""Coaching's figures: a frame of reps in, a figure out."""
