"""Tests of ``signals``."""
