"""Tests of the room ``annotation/hedging``."""
