"""Annotate whole articles: who vouches for what, how sure they sound, and what the text offers as support."""
