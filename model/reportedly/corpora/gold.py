"""Articles annotated by sentence: the project's own corpus, and others in the same schemas.

Three layouts are read: one article per line with its sentences inside (``data/corpus``, documented in
``data/README.md``), a folder of ``articles.jsonl`` beside ``labels.jsonl``, and a
folder of articles that people corrected (:mod:`reportedly.corpora.corrections`).
"""

from __future__ import annotations

import gzip
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportedly.datamodel import Document, Span
from reportedly.datamodel.corrections import CORRECTIONS_SUFFIX
from reportedly.errors import InvalidCorpus

NOBODY = "nobody"
"""The entity of hearsay without a source; it counts as another source in each sentence."""

_WEAKEST_FIRST = (
    "common", "none", "vague", "unnamed", "press", "interested", "named", "reporter", "record",
)  # fmt: skip
"""Kinds of support, the best first: of several, the best one counts."""


@dataclass(frozen=True, slots=True)
class GoldAttribution:
    """An attribution as annotated: the class of its source, and the words, empty if elided.

    `entity` is the key that all attributions of one source share, :data:`NOBODY` for hearsay without a source;
    None if the annotation does not say (part one of the annotation).
    """

    source_class: str
    source: str = ""
    cue: str = ""
    entity: str | None = None


@dataclass(frozen=True, slots=True)
class GoldHedge:
    """A hedge as annotated."""

    cue: str
    kind: str
    voice: str


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """One annotated sentence.

    The last four fields are part two of the annotation: the keys of the sources that the text leaves unnamed
    on purpose, the support in nine kinds, the numbers of the sentences that name what supports the claim, and
    how much the claim is worth checking, 0–3. They are empty or None if there is no part two.
    """

    span: Span
    furniture: bool = False
    attributions: tuple[GoldAttribution, ...] = ()
    anonymity: str | None = None
    hedges: tuple[GoldHedge, ...] = ()
    checkworthy: bool = False
    support: str | None = None
    anonymous_entities: tuple[str, ...] = ()
    support_fine: str | None = None
    support_at: tuple[int, ...] | None = None
    worth: int | None = None

    @property
    def classes(self) -> frozenset[str]:
        """The classes of the sources attributed in the sentence."""
        return frozenset(a.source_class for a in self.attributions)


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """One annotated article, with the other fields of its record (outlet, desk, risk, split, pair …)."""

    document: Document
    sentences: tuple[GoldSentence, ...]
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The article's id."""
        return self.document.id

    @property
    def sources_alone(self) -> bool:
        """Whether only its sources are annotated, as in a corrected ledger."""
        return self.about.get("annotated") == "sources"

    @property
    def has_entities(self) -> bool:
        """Whether every attribution has an entity: part two of the annotation."""
        return all(a.entity is not None for s in self.sentences for a in s.attributions)


@dataclass(frozen=True, slots=True)
class Carried:
    """How many sentences got their labels from the annotated sentence they are in, from several, or from none."""

    inside: int = 0
    across: int = 0
    outside: int = 0

    def __add__(self, other: Carried) -> Carried:
        return Carried(
            self.inside + other.inside, self.across + other.across, self.outside + other.outside
        )


def read_gold(path: str | Path, *, split: str | None = None) -> list[GoldArticle]:
    """Return the annotated articles in a JSONL file, in a folder of such files, or in a folder of corrected articles; only those of `split`, if given.

    Raises
    ------
    InvalidCorpus
        When there is nothing to read, or a line is not a record of either schema.
    """
    place = Path(path)
    if next(place.glob(f"*{CORRECTIONS_SUFFIX}"), None):
        from reportedly.corpora.corrections import read_corrected  # noqa: PLC0415 - it makes values of ours

        articles = read_corrected(place)
    elif (place / "articles.jsonl").is_file() and (place / "labels.jsonl").is_file():
        articles = list(_two_files(place / "articles.jsonl", place / "labels.jsonl"))
    else:
        files = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
        articles = [_article(row, where) for file in files for row, where in rows(file)]
    if split is not None:
        articles = [a for a in articles if a.about.get("split") == split]
    if not articles:
        part = f" in split {split!r}" if split else ""
        raise InvalidCorpus(
            f"{path}: no annotated article{part}; expected JSONL, one article per line"
        )
    return articles


def rows(path: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the records of a JSONL file, each with its place for messages.

    Raises
    ------
    InvalidCorpus
        When the file cannot be read, or a line is not a JSON object.
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
            raise InvalidCorpus(f"{where}: not valid JSON ({error})") from None
        if not isinstance(row, dict):
            raise InvalidCorpus(f"{where}: expected an object, got {type(row).__name__}")
        yield row, where


def read_compressed(path: Path) -> list[dict[str, Any]]:
    """Return the records of a compressed JSONL file.

    Raises
    ------
    InvalidCorpus
        When the file is missing or damaged, or a line is not JSON.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]
    except (OSError, EOFError, ValueError) as error:
        raise InvalidCorpus(f"{path}: not a readable .jsonl.gz ({error})") from None


def _article(row: Mapping[str, Any], where: str) -> GoldArticle:
    """Return an article from one record of the project's own schema."""
    try:
        sentences = tuple(_sentence(s, Span(s["start"], s["end"])) for s in row["sentences"])
        document = Document(row["text"], title=row.get("title") or "", id=str(row["id"]))
    except (KeyError, TypeError) as error:
        raise InvalidCorpus(
            f"{where}: not a record of the corpus schema, {error!r} is missing"
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
            GoldAttribution(
                a["class"], _words(a.get("source")), _words(a.get("cue")), a.get("entity")
            )
            for a in record.get("attribution") or ()
        ),
        anonymity=record.get("anonymity"),
        hedges=tuple(
            GoldHedge(_words(h if "text" in h else h["cue"]), h["kind"], h["voice"])
            for h in record.get("hedges") or ()
        ),
        checkworthy=bool(record.get("checkworthy")),
        support=record.get("support"),
        anonymous_entities=tuple(record.get("anonymous_entities") or ()),
        support_fine=record.get("support_fine"),
        support_at=None if record.get("support_at") is None else tuple(record["support_at"]),
        worth=record.get("worth"),
    )


def _words(role: str | Mapping[str, Any] | None) -> str:
    """Return the words of a role, which the record gives as words, as a span with its text, or not at all (an empty string)."""
    if role is None:
        return ""
    return role if isinstance(role, str) else str(role["text"])


def read_ids(path: str | Path) -> frozenset[str]:
    """Return the ids in a list file, separated by white space.

    Raises
    ------
    InvalidCorpus
        When the file cannot be read as text.
    """
    try:
        return frozenset(Path(path).read_text(encoding="utf-8").split())
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidCorpus(f"{path}: cannot be read as a list of ids ({error})") from None


def chosen_articles(
    articles: Sequence[GoldArticle],
    *,
    only: frozenset[str] | None = None,
    without: frozenset[str] = frozenset(),
) -> list[GoldArticle]:
    """Return the articles whose id is in `only`, if given, and not in `without`.

    Raises
    ------
    InvalidCorpus
        When none is left.
    """
    kept = [a for a in articles if (only is None or a.id in only) and a.id not in without]
    if not kept:
        raise InvalidCorpus(
            f"none of {len(articles)} articles is left: the lists name none of them, or all; "
            "expected the articles' ids, one per line"
        )
    return kept


def carry(article: GoldArticle, spans: Sequence[Span]) -> tuple[GoldArticle, Carried]:
    """Return `article` with its labels on other sentences, the `spans`, in order, and how many got them in which way.

    A sentence inside an annotated one gets its record; one across several gets the union: all
    attributions and hedges, the best support, the highest worth; it is furniture only if all of them are.
    Pointers name the new sentences. A sentence that overlaps none has no labels. Marks at the start or end of a sentence
    do not count: a closing quotation mark may belong to either of two sentences.
    """
    text = article.document.text
    old = [within_marks(text, sentence.span) for sentence in article.sentences]
    new = [within_marks(text, span) for span in spans]
    over, back = overlaps(new, old), overlaps(old, new)
    sentences = tuple(
        _union(span, [article.sentences[i] for i in rows], back)
        for span, rows in zip(spans, over, strict=True)
    )
    sizes = [len(rows) for rows in over]
    how = Carried(sizes.count(1), sum(n > 1 for n in sizes), sizes.count(0))
    return GoldArticle(article.document, sentences, article.about), how


def within_marks(text: str, span: Span) -> Span:
    """Return `span` from its first letter or digit to its last; unchanged if it has none."""
    places = [at for at, mark in enumerate(span.of(text), span.start) if mark.isalnum()]
    return Span(places[0], places[-1] + 1) if places else span


def overlaps(spans: Sequence[Span], others: Sequence[Span]) -> list[range]:
    """Return for each of `spans` the indices of the `others` that it overlaps; `others` are sorted and disjoint."""
    starts, ends = [o.start for o in others], [o.end for o in others]
    return [range(bisect_right(ends, s.start), bisect_left(starts, s.end)) for s in spans]


def _union(
    span: Span, records: Sequence[GoldSentence], places: Sequence[Sequence[int]]
) -> GoldSentence:
    """Return one sentence with the labels of `records`; `places` holds the new sentences of each old one."""
    if not records:
        return GoldSentence(span)
    live = [record for record in records if not record.furniture] or list(records)
    best = max(live, key=lambda r: _rank(r.support_fine or r.support))
    pointers = best.support_at
    return GoldSentence(
        span=span,
        furniture=all(record.furniture for record in records),
        attributions=tuple(dict.fromkeys(a for record in live for a in record.attributions)),
        anonymity=max((r.anonymity for r in live if r.anonymity), key=len, default=None),
        hedges=tuple(hedge for record in live for hedge in record.hedges),
        checkworthy=any(record.checkworthy for record in live),
        support=best.support,
        anonymous_entities=tuple(dict.fromkeys(e for r in live for e in r.anonymous_entities)),
        support_fine=best.support_fine,
        support_at=pointers
        if pointers is None
        else tuple(sorted({new for old in pointers for new in places[old]})),
        worth=max((r.worth for r in live if r.worth is not None), default=None),
    )


def _rank(support: str | None) -> int:
    """Return the rank of a support, 0 the best; None is last."""
    return -1 if support is None else _WEAKEST_FIRST.index(support)
