"""Articles in the forms they come in: pages, addresses, tables."""
