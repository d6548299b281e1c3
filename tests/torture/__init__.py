"""What takes too long for every day: `make torture` runs it."""
