"""Words as numbers, and documents side by side: what every detector reads."""
