"""Coaching's arithmetic: what reps were to do and did in, rates, ranks, gaps and priorities out."""
