"""``reportedly text``: what is read out of a page, an address or a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from reportedly.cli.inputs import Reading, read
from reportedly.cli.output import write
from reportedly.datamodel import Document
from reportedly.reading.disguise import unveil


@click.command("text")
@click.argument("file", metavar="FILE|URL|-")
@click.option("-o", "--output", metavar="FILE", help="Write there instead of to standard output.")
@click.option("--allow-private", is_flag=True, help="Fetch from private and local addresses too.")
def command(file: str, output: str | None, **options: Any) -> int:  # noqa: ANN401 - click gives them by name
    """Print the article's text as it would be assessed: from a page, without all that surrounds it."""
    document = read(file, Reading(**options))
    write(lines(document), output)
    click.echo(
        f"reportedly: {len(document.text):,} characters, read as {document.encoding}", err=True
    )
    if notices := unveil(document.text).notices:
        click.echo(
            f"reportedly: the text hides words from programs: {'; '.join(notices)}", err=True
        )
    return 0


def lines(document: Document) -> Iterator[str]:
    """Yield the title, where it is known and not in the text, and the text."""
    if document.title and not document.text.startswith(document.title):
        yield f"{document.title}\n\n"
    yield document.text.rstrip("\n") + "\n"
