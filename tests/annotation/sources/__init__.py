"""Tests of ``annotation/sources``."""
