"""Bytes, text, HTML or a table row -> Document. The only place that decodes text."""

from reportedly.reading.decoding import MAX_CHARACTERS, decode, read_bytes, read_file, read_text

__all__ = ["MAX_CHARACTERS", "VERSION", "decode", "read_bytes", "read_file", "read_text"]

VERSION = "2"
"""Version of sentences, furniture and headlines. Every trained part learnt from what one version gives: whoever
changes them raises it and trains anew (a test compares digests)."""
