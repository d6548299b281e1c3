"""What coaching reads, through the pipeline's own queries: a slice in, frames by rep out."""
