"""Floors below which the shipped model may not fall on the corpus's test split: see gate.py."""
