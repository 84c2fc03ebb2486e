"""PolNeAR (Newell et al. 2018, An attribution relations corpus for political news, LREC): its articles and classes of sources."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from reportedly.datamodel import Attribution, Document, Span
from reportedly.errors import InvalidCorpus

if TYPE_CHECKING:
    from collections.abc import Iterable


Role = Literal["source", "cue", "content"]
ROLES: tuple[Role, ...] = ("source", "cue", "content")


@dataclass(frozen=True, slots=True)
class AttributionArticle:
    """One article with the attributions that one person found in it."""

    document: Document
    attributions: tuple[Attribution, ...]
    name: str = ""
    split: str = ""
    annotator: str = ""
    publisher: str = ""
    primary: bool = True


def load_polnear(path: str | Path) -> list[AttributionArticle]:
    """Return the articles of a file of span annotations in the layout of ``polnear.jsonl.gz``.

    Each line is an object with `text`, `annotations` (objects with `source`, `cue` and `content`:
    lists of ``[start, end]``), and, if known, `filename`, `split`, `annotator`, `source`, `primary`.

    Raises
    ------
    InvalidCorpus
        When a line is not such an object or a span is outside its text.
    """
    path = Path(path)
    content = path.read_bytes()
    lines = (gzip.decompress(content) if path.suffix == ".gz" else content).splitlines()
    return [_article(path, n, line) for n, line in enumerate(lines, 1) if line.strip()]


def _article(path: Path, number: int, line: bytes) -> AttributionArticle:
    """Return the article in one line of a span file."""
    try:
        record = json.loads(line)
        text = record["text"]
        found = [
            Attribution(_read(a["source"]), _read(a["cue"]), _read(a["content"]))
            for a in record["annotations"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidCorpus(
            f"{path}, line {number}: expected an object with text and annotations, got {error!r}."
        ) from error
    for attribution in found:
        for span in (*attribution.source, *attribution.cue, *attribution.content):
            if not 0 <= span.start < span.end <= len(text):
                raise InvalidCorpus(
                    f"{path}, line {number}: span {span.start}–{span.end} lies outside the text "
                    f"of {len(text)} characters."
                )
    return AttributionArticle(
        Document(text, record.get("title") or "", str(record.get("id", number))),
        tuple(found),
        str(record.get("filename", record.get("id", number))),
        str(record.get("split", "")),
        str(record.get("annotator", "")),
        str(record.get("source", "")),
        bool(record.get("primary", True)),
    )


def _read(ranges: Iterable[Sequence[int]]) -> tuple[Span, ...]:
    """Return pairs of offsets as spans in order."""
    return tuple(sorted(Span(start, end) for start, end in ranges))


def matches(one: Attribution, other: Attribution) -> bool:
    """Return whether contents overlap, and sources or cues do."""
    return _overlap(one.content, other.content) and (
        _overlap(one.source, other.source) or _overlap(one.cue, other.cue)
    )


def _overlap(one: Sequence[Span], other: Sequence[Span]) -> bool:
    return any(a.overlaps(b) for a in one for b in other)


def _attribution(record: Mapping[str, Any]) -> Attribution:
    """Return an attribution from its spans as PolNeAR gives them."""
    source, cue, content = (
        tuple(Span(start, end) for start, end in record.get(role) or ())
        for role in ("source", "cue", "content")
    )
    return Attribution(source, cue, content)
