"""Tests of the room ``datamodel``."""
