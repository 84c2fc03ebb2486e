"""Sources: who makes each statement, and the class of each source."""
