"""Golden outputs."""
