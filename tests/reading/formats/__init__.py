"""Tests of ``reading/formats``."""
