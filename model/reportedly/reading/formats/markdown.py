"""Markdown -> the article, without markup and front matter, one paragraph per block.

CommonMark with GitHub's tables, by markdown-it-py, which is imported only when Markdown is read. Offsets of
the document refer to the remaining text; ``+markdown`` in its encoding says so, and ``file_lines`` lead back to the
file. Title, author and date come from front matter (YAML between ``---``, TOML between ``+++``); without a title
there, from the heading that the text opens with.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from reportedly.datamodel import Document
from reportedly.errors import InvalidDocument
from reportedly.reading.documents import read_text
from reportedly.reading.encodings import decode
from reportedly.reading.formats.fragments import plain_text

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_MARKDOWN = 500_000
"""The longest Markdown that is read, in characters."""

_FRONT = re.compile(
    r"\A(---|\+\+\+)[ \t]*\n(?:(.{0,16384}?)\n)?(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL
)
_SIMPLE = re.compile(r"^([A-Za-z_-]{1,40})[ \t]*[:=][ \t]*(\S.{0,999})$", re.MULTILINE)
_COMMENT = re.compile(r"<!-- *reportedly:[^\n]{0,160}-->")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\](?:: )?")
_BREAK = re.compile(r"<br\s{0,9}/?>", re.IGNORECASE)

_TITLES = ("title", "headline", "heading")
_AUTHORS = ("author", "authors", "byline", "by")
_DATES = ("date", "published", "publish_date", "pubdate", "datepublished", "date_published")


class Front(NamedTuple):
    """The values of front matter, and the number of lines that it takes in the file."""

    title: str = ""
    author: str = ""
    date: str = ""
    lines: int = 0


class _Block(NamedTuple):
    """One block of text, the line of the file it begins in, and whether it is a heading."""

    text: str
    line: int
    heading: bool = False


def read_markdown(data: bytes, *, title: str = "", id: str = "") -> Document:  # noqa: A002
    """Return the article in Markdown; its headline is `title`, else the file's own.

    Raises
    ------
    InvalidDocument
        When the bytes are not text, too many, or hold no article.
    """
    source, encoding = decode(data)
    source = re.sub(r"\r\n?", "\n", source.removeprefix("\ufeff"))
    if len(source) > MAX_MARKDOWN:
        raise InvalidDocument(
            f"got {len(source):,} characters of Markdown, expected at most {MAX_MARKDOWN:,}; "
            "save the article as plain text"
        )
    front, body = split_front(source)
    blocks = list(_blocks(body, front.lines))
    own = front.title or (blocks[0].text if blocks and blocks[0].heading else "")
    document = read_text(
        "\n\n".join(block.text for block in blocks),
        title=title or " ".join(own.split()),
        id=id,
        encoding=f"{encoding}+markdown",
    )
    return replace(
        document, author=front.author, date=front.date, file_lines=tuple(_file_lines(blocks))
    )


def split_front(source: str) -> tuple[Front, str]:
    """Return the front matter of `source` and the text after it; a horizontal rule is not front matter."""
    match = _FRONT.match(source)
    if match is None or (match[1] == "+++" and not match[0].rstrip().endswith("+++")):
        return Front(), source
    values = _values(match[2] or "", match[1])
    if values is None:
        return Front(), source
    known = {str(key).strip().lower(): value for key, value in values.items()}
    title, author, date = (
        next((_words(known[name]) for name in names if name in known), "")
        for names in (_TITLES, _AUTHORS, _DATES)
    )
    return Front(title, author, date, match[0].count("\n")), source[match.end() :]


def _values(source: str, fence: str) -> Mapping[Any, Any] | None:
    """Return front matter as a mapping, read by line if it is not quite YAML or TOML; None if it is not front matter."""
    if not source.strip():
        return {}
    if fence == "+++":
        try:
            return tomllib.loads(source)
        except (ValueError, RecursionError):
            return _simple(source)
    import yaml  # noqa: PLC0415 - only front matter pays

    try:  # BaseLoader makes only strings, lists and mappings
        found = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError, ValueError):
        return _simple(source)
    return found if isinstance(found, dict) else None


def _simple(source: str) -> dict[str, str] | None:
    """Return the lines “key: value” of invalid front matter, such as one with a colon in a title."""
    found = {match[1]: match[2].strip().strip("\"'") for match in _SIMPLE.finditer(source)}
    return found or None


def _words(value: object) -> str:
    """Return a value of front matter as one line; several names are joined, and nested lists ignored."""
    people = value[:20] if isinstance(value, list) else [value]
    names = [one.get("name", "") if isinstance(one, dict) else one for one in people]
    return ", ".join(
        " ".join(str(x).split())[:1000] for x in names if not isinstance(x, list | dict)
    )


def _blocks(body: str, offset: int) -> Iterator[_Block]:
    """Yield the blocks of text of a Markdown body that begins `offset` lines into its file."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only Markdown pays

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    before = ""
    for token in parser.parse(body):
        line = offset + 1 + (token.map[0] if token.map else 0)
        text = _text(token)
        if text:
            yield _Block(text, line, before == "heading_open")
        before = token.type


def _text(token: Token) -> str:
    """Return the visible text of a token; empty for tokens that open and close."""
    if token.type == "inline":
        return _FOOTNOTE.sub("", "".join(_pieces(token.children or ()))).strip()
    if token.type in {"code_block", "fence"}:  # an indented paragraph is not code
        return "\n".join(filter(None, map(str.strip, token.content.split("\n"))))
    if token.type == "html_block":
        content = token.content.strip()
        return content if _COMMENT.fullmatch(content) else _seen(token.content)
    return ""


def _seen(html: str) -> str:
    """Return the text of HTML within Markdown."""
    return plain_text(f"<div>{html}</div>").strip()


def _pieces(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the visible text of a paragraph's parts; pictures and tags have none."""
    for token in tokens:
        if token.type in {"text", "text_special", "code_inline"}:
            yield token.content
        elif token.type == "softbreak":
            yield " "
        elif token.type == "hardbreak" or (
            token.type == "html_inline" and _BREAK.fullmatch(token.content)
        ):
            yield "\n"


def _file_lines(blocks: Sequence[_Block]) -> Iterator[int]:
    """Yield, for each line of the text, the line of the file that its block begins in."""
    for number, block in enumerate(blocks):
        if number:
            yield block.line  # the blank line before it
        for _ in block.text.split("\n"):
            yield block.line
