"""Reading whole articles: who vouches for what, how sure they sound, and what the text shows for it."""
