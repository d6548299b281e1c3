"""The 1:1 of a rep and a manager: its agenda, its notes, its commitments."""
