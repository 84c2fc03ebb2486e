"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

UNFINISHED = ".tmp"
"""The name ending of a file that is being written; a killed process may leave one behind."""


@contextlib.contextmanager
def whole_file(path: Path, within: Path | None = None) -> Iterator[Path]:
    """Yield the path of an empty file that takes the place of `path` when the block ends.

    Whoever reads `path` sees all of the new content or the previous one, even after a crash. Where the block raises, nothing
    is left. The file is made in the folder `within`, of the same file system, or else beside `path`.
    """
    handle, name = tempfile.mkstemp(
        dir=within or path.parent, prefix=f".{path.name}.", suffix=UNFINISHED
    )
    os.close(handle)
    part = Path(name)
    try:
        yield part
        mask = os.umask(0)
        os.umask(mask)
        part.chmod(0o666 & ~mask)
        synchronise(part)
        part.replace(path)
    except BaseException:  # a full disk, Ctrl-C
        part.unlink(missing_ok=True)
        raise
    synchronise(path.parent)


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path`, whole or not at all."""
    with whole_file(path) as part:
        part.write_bytes(data)


def synchronise(path: Path) -> None:
    """Make the system write `path` to disk; some systems cannot synchronise folders."""
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
