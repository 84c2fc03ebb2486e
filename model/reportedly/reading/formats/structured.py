"""The article's body in a page's JSON-LD (schema.org, articleBody), and whether it is the better copy.

Publishers put the whole article there for search engines, often if the page shows only a teaser. It is
used if it is longer and agrees with what the page shows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from reportedly.reading.formats.boxes import squash, text_of
from reportedly.reading.formats.fragments import plain_text

_LONGEST = 4_000_000
_MOST_SCRIPTS = 50
_MOST_VALUES = 100_000
_SCRIPTS = etree.XPath("//script[contains(translate(@type,'LDJSON','ldjson'),'ld+json')]")
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[|/\*<!\[CDATA\[\*/)|(?:-->|//\]\]>|\]\]>|/\*\]\]>\*/|;)\s*$"
)
_TRAILING_COMMA = re.compile(r",(?=\s*+[}\]])")
_BODY = re.compile(r'"articleBody"\s{0,99}:\s{0,99}"((?:[^"\\]++|\\.)*+)"?', re.DOTALL)
_END = re.compile(r"(?<=[.!?…])[”\"’')\]]*+\s++|\n")
_GLUED = re.compile(r"(?<=[a-z0-9][.!?…])(?=[“\"‘A-Z][\w’])|(?<=[.!?…][”\"’])(?=[“\"‘A-Z][\w’])")
_WIDE_GAP = re.compile(r"[^\S\n]{2,}")
_LEAST_WORDS = 30
_LONGER = 1.1
_SHARE = 0.5
_START = 40
_CUT = 20
_MOST_MISSES = 50
_MOST_LINES = 2000


def take_bodies(tree: HtmlElement) -> list[str]:
    """Return the article bodies in a page's JSON-LD, as visible text.

    Their elements are removed from `tree`: extraction would return them as raw JSON if it finds little else.
    """
    found: list[str] = []
    for number, script in enumerate(_SCRIPTS(tree)):
        source = "".join(script.itertext())
        if "articleBody" in source:
            script.drop_tree()
            if number < _MOST_SCRIPTS and len(source) <= _LONGEST:
                found += _in_json(source)
    texts = (_readable(text) for text in found)
    return [text for text in dict.fromkeys(texts) if text]


def _in_json(source: str) -> list[str]:
    """Return the values of articleBody in JSON, even if it is malformed."""
    plain = _WRAPPING.sub("", _WRAPPING.sub("", source)).strip()
    for attempt in (plain, _TRAILING_COMMA.sub("", plain), unescape(plain)):
        try:
            return list(_values(json.loads(attempt, strict=False)))
        except (ValueError, RecursionError):
            continue
    return [_string(match[1]) for match in _BODY.finditer(plain)]


def _values(root: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield the values of articleBody in dicts and lists, in order, at any depth."""
    stack, seen = [root], 0
    while stack and seen < _MOST_VALUES:
        value = stack.pop()
        seen += 1
        if isinstance(value, dict):
            body = value.get("articleBody")
            if isinstance(body, list):
                body = "\n".join(part for part in body if isinstance(part, str))
            if isinstance(body, str) and "Comment" not in str(value.get("@type")):
                yield body
            stack += reversed(value.values())
        elif isinstance(value, list):
            stack += reversed(value)


def _string(written: str) -> str:
    """Return a JSON string's value; parts that cannot be decoded are kept as written."""
    try:
        return str(json.loads(f'"{written}"', strict=False))
    except ValueError:
        return written.replace('\\"', '"').replace("\\n", "\n").replace("\\/", "/")


def _readable(text: str) -> str:
    """Return a body without tags and entities, with a line end between paragraphs, also where they were joined."""
    text = plain_text(unescape(text)).replace("\r", "\n").replace("\\n", "\n")
    text = _GLUED.sub("\n", _WIDE_GAP.sub("\n", text.replace("\xa0", " ")))
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def better(text: str, tree: HtmlElement, copies: list[str]) -> str:
    """Return the longest of `copies` that agrees with the page and is longer than `text`, else `text`."""
    least = max(_LEAST_WORDS, _LONGER * len(text.split()))
    long = sorted((copy for copy in copies if len(copy.split()) >= least), key=len, reverse=True)
    if not long:
        return text
    lines = [text_of(node) for node in islice(tree.iter("p"), _MOST_LINES)]
    whole = (line for line in (text.split("\n") if text else lines) if len(line) >= _START)
    shown = "\n".join(whole)
    for copy in long:
        if not shown or _agrees(shown, copy) or (len(copies) == 1 and _is_shown(tree, copy)):
            return copy if "\n" in copy else _with_paragraphs(copy, lines)
    return text


def _agrees(text: str, copy: str) -> bool:
    """Tell whether `copy` has most sentences of `text`, or continues where that ends."""
    shown, told = _sentences(text), _sentences(copy)
    known = set(told)
    shared = sum(len(sentence) for sentence in shown if sentence in known)
    if shared >= _SHARE * sum(map(len, shown)):
        return True
    start = squash(copy[: 2 * _START])[:_START]
    return len(start) >= _CUT and start in squash(text)


def _is_shown(tree: HtmlElement, copy: str) -> bool:
    """Tell whether the page shows the first sentences of `copy` anywhere."""
    opening = [sentence for sentence in _sentences(copy[:2000]) if len(sentence) >= _CUT][:2]
    there = squash("".join(tree.itertext()))
    return len(opening) > 1 and all(sentence in there for sentence in opening)


def _sentences(text: str) -> list[str]:
    """Return the squashed sentences of `text`, cut at stops and line ends."""
    return [plain for part in _END.split(text) if (plain := squash(part))]


def _with_paragraphs(copy: str, lines: list[str]) -> str:
    """Return `copy` with line ends around the page's paragraphs, `lines`, that occur in it."""
    pieces, at, misses = [], 0, 0
    for line in lines:
        start = copy.find(line, at) if len(line) >= _CUT else -1
        misses += start < 0
        if start >= 0:
            pieces += [copy[at:start], line]
            at = start + len(line)
        if misses > _MOST_MISSES:
            break
    pieces.append(copy[at:])
    return "\n".join(piece.strip() for piece in pieces if piece.strip())
