"""Build the ledger from a reading: find statements, link them, and classify each source."""
