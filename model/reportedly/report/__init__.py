"""Reports: they render an assessment and compute nothing."""
