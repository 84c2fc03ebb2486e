"""Word lists and patterns as data, and what loads them."""
