"""reportedly: who vouches for what in a news article."""
