"""Tests of ``annotation/sources/coreference``."""
