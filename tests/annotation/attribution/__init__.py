"""Tests of the room ``annotation/attribution``."""
