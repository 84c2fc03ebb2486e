"""Tests of the reader and of its training."""
