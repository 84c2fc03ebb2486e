"""Tests of the room ``lexicons``."""
