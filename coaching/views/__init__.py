"""HTTP in, HTML out: coaching's pages, their panels, their files."""
