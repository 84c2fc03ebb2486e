"""Tests of the room ``corpora``."""
