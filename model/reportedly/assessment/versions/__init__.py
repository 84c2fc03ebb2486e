"""What changed between two versions of an article: align the words, find the changes, put them in order."""
