"""Sources: whose words each statement is, and what they are."""
