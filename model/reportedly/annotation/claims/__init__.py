"""How check-worthy each sentence is, and what the article offers in support of it."""
