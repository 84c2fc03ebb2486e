"""Words as numbers, and batches of documents: the input of every detector."""
