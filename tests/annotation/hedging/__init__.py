"""Tests of ``annotation/hedging``."""
