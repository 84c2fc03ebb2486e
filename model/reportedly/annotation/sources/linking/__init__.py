"""The linker: decides for each statement of an article who makes it."""
