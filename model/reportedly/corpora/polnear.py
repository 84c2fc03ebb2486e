"""PolNeAR (Newell et al. 2018, An attribution relations corpus for political news, LREC): its articles and classes of sources."""

from __future__ import annotations

import ast
import csv
import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from reportedly.datamodel import SOURCE_CLASSES, Attribution, Document, Segmented, Span
from reportedly.errors import InvalidCorpus
from reportedly.reading.segmentation import segment

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
    lists of ``[start, end]``), and, where known, `filename`, `split`, `annotator`, `source`, `primary`.

    Raises
    ------
    InvalidCorpus
        If a line is no such object or a span lies outside its text.
    """
    path = Path(path)
    content = path.read_bytes()
    lines = (gzip.decompress(content) if path.suffix == ".gz" else content).splitlines()
    return [_article(path, n, line) for n, line in enumerate(lines, 1) if line.strip()]


def _article(path: Path, number: int, line: bytes) -> AttributionArticle:
    """Return one line of a span file as an article."""
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


@dataclass(frozen=True, slots=True)
class MarkedArticle:
    """An article whose attributions are known, some or all of them with the class of their source.

    `classes` has one entry an attribution, None where it is not annotated; `sentences` says in which
    annotated sentence each stands (−1 where the article is not annotated by sentence); `group` is what
    must not be split; `weight` is that of its mentions in training.
    """

    segmented: Segmented
    attributions: tuple[Attribution, ...]
    classes: tuple[str | None, ...]
    sentences: tuple[int, ...]
    group: str
    publisher: str = ""
    weight: float = 1.0


def read_mentions(table: str | Path, spans: str | Path) -> Iterator[MarkedArticle]:
    """Yield the articles of the PolNeAR class table `table`, with all attributions of `spans`.

    `table` is a CSV file (article, start, end, class); `spans` the gzipped JSON lines of the articles.
    Rows of class ``slip`` (the annotated span is no source) are left out.

    Raises
    ------
    InvalidCorpus
        When a file is missing, or the table names an article that `spans` lacks.
    """
    try:
        with Path(table).open(encoding="utf-8", newline="") as lines:
            rows = [row for row in csv.DictReader(lines) if row["class"] in SOURCE_CLASSES]
        with gzip.open(spans, "rt", encoding="utf-8") as records:
            wanted = {row["article"] for row in rows}
            articles = {r["id"]: r for r in map(json.loads, records) if r["id"] in wanted}
    except (OSError, KeyError, ValueError) as error:
        raise InvalidCorpus(f"cannot read {table} with {spans}: {error}") from error
    by_article: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_article.setdefault(row["article"], []).append(row)
    for name, own in by_article.items():
        if name not in articles:
            raise InvalidCorpus(f"{table} names article {name!r}, which {spans} lacks")
        yield _marked_mentions(articles[name], own)


def _marked_mentions(record: Mapping[str, Any], rows: Sequence[Mapping[str, str]]) -> MarkedArticle:
    """Return one PolNeAR article with the classes of its annotated mentions."""
    listed = record["annotations"]
    if isinstance(listed, str):
        listed = ast.literal_eval(listed)
    attributions = tuple(a for a in map(_attribution, listed) if a.source or a.cue or a.content)
    classes: list[str | None] = [None] * len(attributions)
    for row in rows:
        span = Span(int(row["start"]), int(row["end"]))
        near = [
            (abs(a.source[0].start - span.start) + abs(a.source[-1].end - span.end), i)
            for i, a in enumerate(attributions)
            if a.source and any(s.overlaps(span) for s in a.source)
        ]
        if near:
            classes[min(near)[1]] = row["class"]
    return MarkedArticle(
        segmented=segment(Document(record["text"])),
        attributions=attributions,
        classes=tuple(classes),
        sentences=(-1,) * len(attributions),
        group=str(record["filename"]),
        publisher=str(record["source"]),
        weight=1.5,
    )


def _attribution(record: Mapping[str, Any]) -> Attribution:
    """Return an attribution from its spans as PolNeAR gives them."""
    source, cue, content = (
        tuple(Span(start, end) for start, end in record.get(role) or ())
        for role in ("source", "cue", "content")
    )
    return Attribution(source, cue, content)
