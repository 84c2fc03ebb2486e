"""Learn the ledger's parts from annotated articles and what the reader says of them."""
