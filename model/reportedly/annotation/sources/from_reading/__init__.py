"""The ledger of sources from what the reader says: statements found, linked, and the class of each source."""
