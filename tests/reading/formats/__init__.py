"""Tests of the room ``reading/formats``."""
