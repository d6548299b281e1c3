"""The only reader of what several domains hold together: loads, jobs, the quality of the data."""
