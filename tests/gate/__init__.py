"""Floors for the shipped model's figures on the corpus's test split: see gate.py."""
