"""Tests of ``datamodel``."""
