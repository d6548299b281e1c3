"""Floor 1 of the house: the types of which the apps hold the instances; names no domain."""
