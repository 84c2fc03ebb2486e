"""Assess an article, a table of articles, or two versions of an article."""
