"""Tests of ``annotation/sources/linking/bars``."""
