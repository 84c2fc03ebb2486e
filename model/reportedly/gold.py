"""Articles annotated sentence by sentence: the project's own corpus, and any in the same schemas.

Two layouts are read: one article a line with its sentences inside (``data/corpus``, documented in
``data/README.md``), and a folder of ``articles.jsonl`` beside ``labels.jsonl``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportedly.datamodel import Document, Span
from reportedly.errors import InvalidCorpus


@dataclass(frozen=True, slots=True)
class GoldAttribution:
    """An attribution as annotated: the class of its source, and the words; empty where elided."""

    source_class: str
    source: str = ""
    cue: str = ""


@dataclass(frozen=True, slots=True)
class GoldHedge:
    """A hedge as annotated."""

    cue: str
    kind: str
    voice: str


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """One annotated sentence."""

    span: Span
    furniture: bool = False
    attributions: tuple[GoldAttribution, ...] = ()
    anonymity: str | None = None
    hedges: tuple[GoldHedge, ...] = ()
    checkworthy: bool = False
    support: str | None = None

    @property
    def classes(self) -> frozenset[str]:
        """The classes of the sources attributed in the sentence."""
        return frozenset(a.source_class for a in self.attributions)


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """One annotated article with what else its record says (outlet, desk, risk, split, pair …)."""

    document: Document
    sentences: tuple[GoldSentence, ...]
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The article's id."""
        return self.document.id


def read_gold(path: str | Path, *, split: str | None = None) -> list[GoldArticle]:
    """Return the annotated articles in a JSONL file, or in a folder of them; only `split` if given.

    Raises
    ------
    InvalidCorpus
        When there is nothing to read, or a line is no record of either schema.
    """
    place = Path(path)
    if (place / "articles.jsonl").is_file() and (place / "labels.jsonl").is_file():
        articles = list(_two_files(place / "articles.jsonl", place / "labels.jsonl"))
    else:
        files = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
        articles = [_article(row, where) for file in files for row, where in rows(file)]
    if split is not None:
        articles = [a for a in articles if a.about.get("split") == split]
    if not articles:
        part = f" in split {split!r}" if split else ""
        raise InvalidCorpus(
            f"{path}: no annotated article{part}; expected JSONL, one article a line"
        )
    return articles


def rows(path: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the records of a JSONL file, each with the words that locate it in messages.

    Raises
    ------
    InvalidCorpus
        When the file cannot be read, or a line is no JSON object.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidCorpus(f"{path}: cannot be read as UTF-8 text ({error})") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path.name}:{number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InvalidCorpus(f"{where}: no JSON ({error})") from None
        if not isinstance(row, dict):
            raise InvalidCorpus(f"{where}: expected an object, got {type(row).__name__}")
        yield row, where


def _article(row: Mapping[str, Any], where: str) -> GoldArticle:
    """Return one record of the project's own schema."""
    try:
        sentences = tuple(_sentence(s, Span(s["start"], s["end"])) for s in row["sentences"])
        document = Document(row["text"], title=row.get("title") or "", id=str(row["id"]))
    except (KeyError, TypeError) as error:
        raise InvalidCorpus(
            f"{where}: no record of the corpus schema, {error!r} is missing"
        ) from None
    about = {k: v for k, v in row.items() if k not in {"text", "sentences", "title", "id"}}
    return GoldArticle(document, sentences, about)


def _two_files(articles: Path, labels: Path) -> Iterator[GoldArticle]:
    """Yield the articles of the layout with offsets in one file and labels in the other."""
    by_id = {row["gid"]: row["labels"] for row, _ in rows(labels)}
    for row, where in rows(articles):
        spans, records = row["sentences"], by_id.get(row["gid"])
        if records is None or len(records) != len(spans):
            raise InvalidCorpus(f"{where}: labels for {row['gid']!r} are missing or do not match")
        sentences = tuple(
            _sentence(record, Span(*span)) for record, span in zip(records, spans, strict=True)
        )
        document = Document(row["text"], title=row.get("title") or "", id=row["gid"])
        about = {k: v for k, v in row.items() if k not in {"text", "sentences", "title", "gid"}}
        yield GoldArticle(document, sentences, about)


def _sentence(record: Mapping[str, Any], span: Span) -> GoldSentence:
    """Return one sentence's annotation; its roles may be plain words or spans with their text."""
    return GoldSentence(
        span=span,
        furniture=bool(record.get("furniture")),
        attributions=tuple(
            GoldAttribution(a["class"], _words(a.get("source")), _words(a.get("cue")))
            for a in record.get("attribution") or ()
        ),
        anonymity=record.get("anonymity"),
        hedges=tuple(
            GoldHedge(_words(h if "text" in h else h["cue"]), h["kind"], h["voice"])
            for h in record.get("hedges") or ()
        ),
        checkworthy=bool(record.get("checkworthy")),
        support=record.get("support"),
    )


def _words(role: str | Mapping[str, Any] | None) -> str:
    """Return the words of a role that is given as words, as a span with its text, or not at all."""
    if role is None:
        return ""
    return role if isinstance(role, str) else str(role["text"])
