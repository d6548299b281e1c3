"""HTTP in, HTML out: the pipeline's pages, their panels, their files."""
