"""Tests of ``annotation/sources/linking``."""
