"""What changes rows of the pipeline because a person changed something."""
