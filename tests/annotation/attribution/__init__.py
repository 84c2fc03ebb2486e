"""Tests of ``annotation/attribution``."""
