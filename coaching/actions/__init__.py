"""What changes rows of coaching because a person asked, or a job that a person approved."""
