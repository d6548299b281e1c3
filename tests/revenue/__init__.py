"""What customers pay, what moved it, and who sees it."""
