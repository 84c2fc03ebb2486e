"""Bytes, text, a file or a table row -> Document. The only place that decodes text."""

from reportedly.reading.documents import MAX_CHARACTERS, read_bytes, read_text
from reportedly.reading.encodings import decode
from reportedly.reading.formats.files import read_file

__all__ = ["MAX_CHARACTERS", "READING_VERSION", "decode", "read_bytes", "read_file", "read_text"]

READING_VERSION = "4"
"""Version of sentences, furniture and headlines. Every trained part depends on one version: whoever changes
them raises the version and trains again (a test compares digests).
"""
