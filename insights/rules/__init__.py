"""What somebody should look at, one file a family: definitions without input or output."""
