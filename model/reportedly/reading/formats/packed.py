"""Read the content of gzip files, and refuse files that unpack to far more than text does."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import IO, cast

from reportedly.errors import InvalidCorpus

MAX_UNPACKED = 100_000_000
"""Every file may unpack to this many bytes."""

MAX_RATIO = 100
"""How many times its own size a larger file may unpack to; text packs to a third or a quarter, a bomb to a thousandth."""


def open_unpacked(file: Path) -> IO[bytes]:
    """Open a file for reading; if its name ends in ``.gz``, its content.

    Reading raises InvalidCorpus if the packed file is damaged or unpacks to too much.
    """
    if file.suffix.lower() != ".gz":
        return file.open("rb")
    return io.BufferedReader(cast("io.RawIOBase", _Unpacked(file)), 1 << 16)


class _Unpacked(io.RawIOBase):
    """The content of a packed file, counted while it is read."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._size = file.stat().st_size
        self._opened = gzip.open(file, "rb")  # noqa: SIM115 - closed with this
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        try:
            data = self._opened.read(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise InvalidCorpus(f"{self._file}: cannot be unpacked ({error})") from None
        self._count += len(data)
        if self._count > max(MAX_UNPACKED, MAX_RATIO * self._size):
            raise InvalidCorpus(
                f"{self._file}: unpacks to more than {MAX_RATIO} times its size, expected text; unpack it yourself and check it"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._opened.close()
        super().close()
