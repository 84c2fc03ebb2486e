"""Tests of ``assessment/versions``."""
