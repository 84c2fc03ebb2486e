"""Long stress tests of the program with hostile input: ``python -m tests.torture``."""
