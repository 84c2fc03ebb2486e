"""Readings made by hand: probabilities set for some sentences and words, 0 everywhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reportedly.annotation.hedging.learning.fitting import AnnotatedText, mark_article
from reportedly.annotation.reader.labels import (
    HEDGES,
    NINE_SUPPORTS,
    POINTER_REACH,
    TAGS,
    WORDS,
    YES_NO,
)
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.tokens.word_features import WordClasses
from reportedly.corpora.gold import GoldArticle, GoldHedge, GoldSentence
from reportedly.datamodel import Document, Segmented, Span

NOTHING = 0.01
NO_CLASSES = WordClasses(np.zeros(1, np.uint32), np.zeros((1, 2), np.uint16))
"""Classes of words, without any words."""


def hedged(rows: Sequence[tuple[str, str]]) -> AnnotatedText:
    """Return sentences, each with the one cue that it has or "", as the hedge model learns from them."""
    sentences, start = [], 0
    for words, cue in rows:
        hedges = (GoldHedge(cue, "epistemic", "reporter"),) if cue else ()
        sentences.append(GoldSentence(Span(start, start + len(words)), hedges=hedges))
        start += len(words) + 2
    text = "\n\n".join(words for words, _ in rows)
    return mark_article(GoldArticle(Document(text), tuple(sentences)))


def made(
    body: Segmented,
    *,
    answers: Mapping[int, Mapping[str, float]] | None = None,
    support: Mapping[int, Mapping[str, float]] | None = None,
    pointer: Mapping[int, Mapping[int | None, float]] | None = None,
    hedges: Sequence[tuple[int, int, str, bool]] = (),
) -> Reading:
    """Return a reading of `body`.

    `pointer` gives for a sentence the probability of sentences by their distance, None for nowhere; `hedges` are tokens
    ``[first, last)``, a kind, and whether a source says it.
    """
    sentences, tokens = len(body.sentences), len(body.tokens)
    arrays = {
        "answers": np.full((sentences, len(YES_NO)), NOTHING, np.float32),
        "support": np.full((sentences, len(NINE_SUPPORTS)), NOTHING, np.float32),
        "pointer": np.full((sentences, 2 * POINTER_REACH + 3), NOTHING, np.float32),
        "tags": np.full((tokens, len(TAGS)), NOTHING, np.float32),
        "words": np.full((tokens, len(WORDS)), NOTHING, np.float32),
        "hedges": np.full((tokens, len(HEDGES)), NOTHING / 8, np.float32),
        "voice": np.full((tokens, 1), NOTHING, np.float32),
    }
    arrays["hedges"][:, 0] = 1 - NOTHING
    for number, said in (answers or {}).items():
        for question, chance in said.items():
            arrays["answers"][number, YES_NO.index(question)] = chance
    for number, kinds in (support or {}).items():
        for kind, chance in kinds.items():
            arrays["support"][number, NINE_SUPPORTS.index(kind)] = chance
    for number, steps in (pointer or {}).items():
        for step, chance in steps.items():
            column = 2 * POINTER_REACH + 1 if step is None else step + POINTER_REACH
            arrays["pointer"][number, column] = chance
    for first, last, kind, by_source in hedges:
        for at in range(first, last):
            tag = HEDGES.index(f"{'B' if at == first else 'I'}-{kind}")
            arrays["hedges"][at] = NOTHING / 8
            arrays["hedges"][at, tag] = 1 - NOTHING
            arrays["voice"][at] = 1 - NOTHING if by_source else NOTHING
    return Reading(**arrays)
