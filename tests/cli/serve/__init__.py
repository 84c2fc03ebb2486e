"""Tests of ``cli/serve``."""
