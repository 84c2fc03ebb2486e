"""What the world throws at the program, on purpose and at length: ``python -m tests.torture``."""
