"""Tests of the room ``annotation``."""
