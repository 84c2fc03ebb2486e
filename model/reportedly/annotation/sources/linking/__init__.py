"""The linker: decides for each statement of an article whose words it is."""
