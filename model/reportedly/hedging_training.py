"""Learn which cue candidates hedge: from annotated news, and from any corpus with marked cues.

``python train.py hedging`` calls :func:`train`; the evaluation calls :func:`fit` on its own splits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from reportedly.columns import NO_CLASSES, Ints, Mask, WordClasses
from reportedly.datamodel import Attribution, Document, Segmented, Sentence, Span
from reportedly.hedges import (
    BITS,
    FEATURES,
    Candidates,
    Context,
    CueList,
    HedgeModel,
    candidate_features,
    choose,
    context,
    find_candidates,
)
from reportedly.segment import segment, tokenise

SEED = 13
STRENGTH = 0.3
"""Inverse of the L2 penalty, chosen by cross-validation on the annotated news."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with the spans of its true cues, and the sentences that count."""

    segmented: Segmented
    where: Context
    cues: frozenset[Span]
    counted: Mask


def mark_article(
    text: str,
    labels: Sequence[Mapping[str, Any]],
    attributions: Sequence[Attribution] = (),
) -> Marked:
    """Return an annotated article: `labels` holds one record a sentence, as docs/signals.md defines."""
    segmented = segment(Document(text))
    spans = {
        span
        for record in labels
        for span in locate(text, segmented.sentences[record["s"]], record.get("hedges", ()))
    }
    counted = np.array([not record.get("furniture") for record in labels], np.bool_)
    return Marked(segmented, context(segmented, attributions), frozenset(spans), counted)


def locate(text: str, sentence: Sentence, hedges: Iterable[Mapping[str, Any]]) -> list[Span]:
    """Return where the words of each cue stand in `sentence`; one cue named twice stands twice."""
    found: list[Span] = []
    for hedge in hedges:
        at = sentence.start
        while (at := text.find(hedge["cue"], at, sentence.end)) >= 0:
            span = Span(at, at + len(hedge["cue"]))
            whole = not (text[at - 1 : at].isalnum() or text[span.end : span.end + 1].isalnum())
            if whole and not any(span.overlaps(other) for other in found):
                found.append(span)
                break
            at += 1
    return found


def mark_sentences(rows: Sequence[tuple[str, Sequence[Span]]]) -> Marked:
    """Return single sentences, each a text with its cue spans, as one marked text."""
    sentences: list[Sentence] = []
    spans: set[Span] = set()
    offset, first = 0, 0
    texts = []
    for number, (text, cues) in enumerate(rows):
        count = len(tokenise(text))
        sentences.append(Sentence(offset, offset + len(text), first, first + count, number))
        spans |= {Span(offset + cue.start, offset + cue.end) for cue in cues}
        texts.append(text)
        offset, first = offset + len(text) + 1, first + count
    whole = Document("\n".join(texts))
    tokens = tokenise(whole.text)
    segmented = Segmented(whole, (), tuple(s for s in sentences if s.first < s.last), tokens, ())
    counted = np.ones(len(segmented.sentences), np.bool_)
    return Marked(segmented, context(segmented), frozenset(spans), counted)


def examples(marked: Marked, cues: CueList, classes: WordClasses) -> tuple[Candidates, Ints, Mask]:
    """Return the candidates of `marked`, their feature buckets, and which of them truly hedge."""
    found = find_candidates(marked.where, cues)
    starts = np.array([s.first for s in marked.segmented.sentences])
    sentence = np.searchsorted(starts, found.first, side="right") - 1
    keep = marked.counted[sentence]
    found = Candidates(found.first[keep], found.last[keep], found.row[keep])
    tokens = marked.segmented.tokens
    truth = np.array(
        [
            tokens.span(int(first), int(last)) in marked.cues
            for first, last in zip(found.first, found.last, strict=True)
        ],
        np.bool_,
    )
    return found, candidate_features(marked.where, cues, found, classes), truth


def matrix(features: Ints) -> csr_matrix:
    """Return feature buckets as a sparse matrix of counts."""
    rows = len(features)
    return csr_matrix(
        (
            np.ones(features.size, np.float32),
            features.ravel(),
            np.arange(0, features.size + 1, FEATURES),
        ),
        shape=(rows, 1 << BITS),
    )


def fit(
    marked: Sequence[Marked],
    cues: CueList,
    *,
    classes: WordClasses = NO_CLASSES,
    strength: float = STRENGTH,
    threshold: float = 0.5,
    weights: Sequence[float] | None = None,
) -> HedgeModel:
    """Return a model learnt from the candidates of `marked`; `weights` weigh the texts."""
    parts = [examples(one, cues, classes) for one in marked]
    features = np.concatenate([part[1] for part in parts])
    truth = np.concatenate([part[2] for part in parts])
    weight = None
    if weights is not None:
        weight = np.repeat(np.array(weights), [len(part[2]) for part in parts])
    learner = LogisticRegression(C=strength, solver="liblinear", random_state=SEED)
    learner.fit(matrix(features), truth, sample_weight=weight)
    learnt = learner.coef_[0].astype(np.float32)
    learnt[np.abs(learnt) < 1e-3] = 0
    return HedgeModel(learnt, float(learner.intercept_[0]), threshold, cues, classes)


def predict(marked: Marked, model: HedgeModel) -> frozenset[Span]:
    """Return the spans of the cues that `model` finds in the sentences of `marked` that count."""
    found, _, _ = examples(marked, model.cues, model.classes)
    if not len(found):
        return frozenset()
    chosen, _ = choose(marked.where, found, model)
    tokens = marked.segmented.tokens
    return frozenset(tokens.span(int(found.first[i]), int(found.last[i])) for i in chosen)


def tuned(marked: Sequence[Marked], model: HedgeModel) -> HedgeModel:
    """Return `model` with the threshold at which its cues match those of `marked` best (exact F1)."""
    best = (-1.0, 0.5)
    for threshold in np.arange(0.2, 0.71, 0.02):
        trial = replace(model, threshold=float(threshold))
        hits = total = 0
        for one in marked:
            got = predict(one, trial)
            hits += len(got & one.cues)
            total += len(got) + len(one.cues)
        best = max(best, (2 * hits / max(total, 1), float(threshold)))
    return replace(model, threshold=best[1])
