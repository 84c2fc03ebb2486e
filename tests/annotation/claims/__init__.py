"""Tests of ``annotation/claims``."""
