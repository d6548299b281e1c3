"""HTTP in, HTML out, for what belongs to no single domain: a file a part."""
