"""Words that weaken commitment to a proposition of fact."""
