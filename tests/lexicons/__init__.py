"""Tests of ``lexicons``."""
