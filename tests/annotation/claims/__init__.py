"""Tests of the room ``annotation/claims``."""
