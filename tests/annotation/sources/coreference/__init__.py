"""Tests of the room ``annotation/sources``."""
