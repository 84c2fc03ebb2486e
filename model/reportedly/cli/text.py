"""``reportedly text``: the article text read from a page, a URL or a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from reportedly.cli.inputs import InputOptions, read_input
from reportedly.cli.output import tell, write
from reportedly.datamodel import NOTICES_SAY, Document
from reportedly.reading.disguises import as_it_looks


@click.command("text")
@click.argument("file", metavar="FILE|URL|-")
@click.option("-o", "--output", metavar="FILE", help="Write there instead of to standard output.")
@click.option("--allow-private", is_flag=True, help="Fetch from private and local addresses too.")
def text_command(file: str, output: str | None, **options: Any) -> int:  # noqa: ANN401 - click gives them by name
    """Print the article's text, to which all offsets refer; of a web page, without what surrounds the article."""
    document = read_input(file, InputOptions(**options))
    write(text_lines(document), output)
    tell(f"{len(document.text):,} characters, read as {document.encoding}")
    if document.title:
        tell(f"the title is {document.title}")
    if said := ", ".join(filter(None, (document.author, document.date))):
        tell(f"the file says: {said}")
    origin = as_it_looks(document).origin
    if origin and origin.seen.notices:
        tell(f"{NOTICES_SAY}: {'; '.join(origin.seen.notices)}")
    return 0


def text_lines(document: Document) -> Iterator[str]:
    """Yield the text only, so that the offsets of a report fit the output."""
    yield document.text.rstrip("\n") + "\n"
