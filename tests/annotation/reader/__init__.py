"""Tests of the reader and of what it learns from."""
