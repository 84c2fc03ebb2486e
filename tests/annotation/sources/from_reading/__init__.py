"""Tests of ``annotation/sources/from_reading``."""
