"""Train the parts of the ledger on annotated articles as the reader reads them."""
