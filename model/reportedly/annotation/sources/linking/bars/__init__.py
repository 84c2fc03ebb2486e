"""Links that the words of a mention rule out, one module for each question."""
