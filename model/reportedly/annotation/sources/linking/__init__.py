"""The linker: decide for each statement of an article who makes it."""
