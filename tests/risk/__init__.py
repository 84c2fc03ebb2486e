"""Tests of ``risk``."""
