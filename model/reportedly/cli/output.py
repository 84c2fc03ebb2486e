"""Shared by commands: common options, progress, and writing results to standard output or atomically to a file."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import click

from reportedly.errors import InvalidRequest

Item = TypeVar("Item")

SECONDS_BETWEEN_LINES = 30.0
"""Seconds between two lines of progress if standard error is not a terminal."""
_NARROWEST = 40

PRIOR = click.option(
    "--prior",
    type=click.FloatRange(0.001, 0.999),
    default=0.5,
    show_default=True,
    help="Share of unreliable articles among those that you score.",
)

READER = click.option(
    "--reader",
    type=click.Choice(["encoder", "student"]),
    default="encoder",
    show_default=True,
    help="Which network reads: encoder is more accurate, student is ten times as fast and is used for batches.",
)

NO_CORRECTIONS = click.option(
    "--no-corrections", is_flag=True, help="Ignore the corrections kept beside a file."
)


def progress(items: Iterable[Item], what: str = "") -> Iterator[Item]:
    """Yield `items` with a progress bar on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal pays for it
    from rich.progress import track  # noqa: PLC0415

    yield from track(list(items), description=what, console=Console(stderr=True))


def page_width(usual: int) -> int:
    """Return the width of a report in characters: COLUMNS, else the terminal's width, else `usual`."""
    return max(_NARROWEST, shutil.get_terminal_size((usual, 24)).columns)


def watched(items: Iterable[Item], total: int | None, *, shown: bool) -> Iterator[Item]:
    """Yield `items` and show progress: a bar on a terminal, otherwise a line every few seconds; nothing unless `shown`."""
    if not shown:
        yield from items
    elif sys.stderr.isatty():
        from rich.console import Console  # noqa: PLC0415 - only a terminal pays for it
        from rich.progress import track  # noqa: PLC0415

        yield from track(items, "", total, console=Console(stderr=True), transient=True)
    else:
        begun = last = time.monotonic()
        for number, item in enumerate(items, 1):
            yield item
            if (now := time.monotonic()) - last >= SECONDS_BETWEEN_LINES:
                last = now
                of = f" of {total:,}" if total else ""
                what = "article" if (total or number) == 1 else "articles"
                tell(f"{number:,}{of} {what}, {pace(number, now - begun)}")


def pace(done: int, seconds: float) -> str:
    """Return the rate so far in words: per second, or per minute if it is below one per second."""
    a_second = done / max(seconds, 1e-9)
    return f"{a_second:,.0f} a second" if a_second >= 1 else f"{60 * a_second:,.0f} a minute"


def tell(message: str) -> None:
    """Print an error or a line of progress on standard error; control characters are shown by their code."""
    line = " ".join(message.splitlines())
    if not line.isprintable():
        from reportedly.datamodel.payload import visible  # noqa: PLC0415 - most lines need none of it

        line = visible(line)
    click.echo(f"reportedly: {line}", err=True)


def write(chunks: Iterable[str], output: str | None) -> None:
    """Write `chunks` to the file `output`, or to standard output if it is None or ``-``.

    Raises
    ------
    InvalidRequest
        When the file cannot be written; no incomplete file is left.
    """
    if output is None or output == "-":
        for chunk in chunks:
            click.echo(chunk, nl=False)
        return
    target = Path(output)
    if target.is_dir():
        raise InvalidRequest(f"{output}: is a directory, expected a file name to write to")
    from reportedly.datamodel.whole_files import whole_file  # noqa: PLC0415 - --help needs none of it

    try:
        with whole_file(target) as part, part.open("w", encoding="utf-8", newline="") as file:
            file.writelines(chunks)
    except OSError as error:
        raise InvalidRequest(f"{output}: cannot be written ({error.strerror})") from None
