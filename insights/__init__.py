"""The index of the house: the only place where all domains meet."""
