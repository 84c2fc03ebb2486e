"""Tests of the served page."""
