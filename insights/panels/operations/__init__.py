"""The Operations page, and what Prometheus reads."""
