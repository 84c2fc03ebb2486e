"""What an editor must be told of a new version of an article: words aligned, changes found, put in order."""
