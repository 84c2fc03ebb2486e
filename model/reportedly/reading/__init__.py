"""Bytes, text, HTML or a table row -> Document. The only place that decodes text."""

from reportedly.reading.decoding import MAX_CHARACTERS, decode, read_bytes, read_file, read_text

__all__ = ["MAX_CHARACTERS", "decode", "read_bytes", "read_file", "read_text"]
