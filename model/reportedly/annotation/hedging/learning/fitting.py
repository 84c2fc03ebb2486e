"""Learn which cue candidates hedge: from annotated news, and from any corpus with marked cues.

``python train.py hedging`` calls :func:`train_hedging`; the evaluation calls :func:`fit_hedging` on its own splits. With a
:class:`DistillationSet`, what a teacher (:mod:`reportedly.annotation.hedging.learning.teacher`) says of candidates in unlabelled news is learnt as well.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.cluster import MiniBatchKMeans
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.utils.extmath import randomized_svd

from reportedly.annotation.hedging.detect import (
    FEATURES,
    HEDGE_BITS,
    SCALES,
    Candidates,
    Context,
    CueList,
    HedgeModel,
    candidate_features,
    context,
    default_cues,
    find_cue_candidates,
    select,
)
from reportedly.annotation.hedging.learning.teacher import EncodeTexts, SentenceParts
from reportedly.annotation.tokens.word_features import (
    NO_CLASSES,
    Codes,
    WordClasses,
    cover,
    logistic,
    word_features,
)
from reportedly.corpora.gold import GoldArticle, GoldHedge
from reportedly.corpora.unlabelled import UnlabelledText
from reportedly.datamodel import Attribution, Document, Segmented, Sentence, Span, Tokens
from reportedly.datamodel.arrays import Bools, Floats32, Ints
from reportedly.reading.furniture import find_furniture
from reportedly.reading.segmentation import segment, tokenise

HEDGING_SEED = 13
HEDGING_C = 0.3
"""Inverse of the L2 penalty, chosen by cross-validation on the annotated news."""

_STATES_STRENGTH, _WORDS_SHARE = 3e-3, 0.4
"""The teacher: inverse of the L2 penalty on the encoder's states, and the share of the hashed features' log odds."""

_OFTEN = 350
"""Candidates of one term in unlabelled news beyond which it does not bring a sentence in."""

_LONGEST, _WORDY = 4000, 70
"""Code points of an unlabelled text that are read, and the words that make a sentence too long to be read whole."""


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """A text with the spans of its true cues, and the sentences that count.

    `states` holds the teacher's state at each of its candidates, as :func:`hedge_examples` lists them, if there is one.
    """

    segmented: Segmented
    where: Context
    cues: frozenset[Span]
    counted: Bools
    states: Floats32 | None = None


@dataclass(frozen=True, slots=True)
class DistillationSet:
    """Candidates in unlabelled news: their feature buckets, and the teacher's state at each."""

    features: Ints
    states: Floats32


def mark_article(article: GoldArticle, attributions: Sequence[Attribution] = ()) -> AnnotatedText:
    """Return an annotated article with its cues in place; page furniture, as annotated, does not count."""
    segmented = segment(article.document)
    text = segmented.text
    spans = {span for s in article.sentences for span in locate_cues(text, s.span, s.hedges)}
    starts = [s.start for s in segmented.sentences]
    furniture = cover(starts, [s.span for s in article.sentences if s.furniture])
    return AnnotatedText(segmented, context(segmented, attributions), frozenset(spans), ~furniture)


def locate_cues(text: str, sentence: Span, hedges: Iterable[GoldHedge]) -> list[Span]:
    """Return where the words of each cue stand in `sentence`; one cue named twice stands twice."""
    found: list[Span] = []
    for hedge in hedges:
        at = sentence.start
        while hedge.cue and (at := text.find(hedge.cue, at, sentence.end)) >= 0:
            span = Span(at, at + len(hedge.cue))
            whole = not (text[at - 1 : at].isalnum() or text[span.end : span.end + 1].isalnum())
            if whole and not any(span.overlaps(other) for other in found):
                found.append(span)
                break
            at += 1
    return found


def mark_sentences(rows: Sequence[tuple[str, Sequence[Span]]]) -> AnnotatedText:
    """Return single sentences, each a text with its cue spans, as one marked text."""
    sentences: list[Sentence] = []
    spans: set[Span] = set()
    forms: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    offset = 0
    for number, (text, cues) in enumerate(rows):
        tokens = tokenise(text)
        first = len(forms)
        forms += tokens.forms
        starts += [offset + start for start in tokens.starts]
        ends += [offset + end for end in tokens.ends]
        if len(tokens):
            sentences.append(Sentence(offset, offset + len(text), first, len(forms), number))
        spans |= {Span(offset + cue.start, offset + cue.end) for cue in cues}
        offset += len(text) + 1
    whole = Document("\n".join(text for text, _ in rows))
    columns_ = Tokens(tuple(forms), tuple(starts), tuple(ends))
    segmented = Segmented(whole, (), tuple(sentences), columns_, ())
    counted = np.ones(len(segmented.sentences), np.bool_)
    return AnnotatedText(segmented, context(segmented), frozenset(spans), counted)


def with_states(
    marked: Sequence[AnnotatedText], cues: CueList, read: EncodeTexts | None
) -> list[AnnotatedText]:
    """Return `marked` with the states that `read` gives at its candidates; as they are without `read`."""
    if read is None:
        return list(marked)
    found = [_counted(one, cues) for one in marked]
    states = read(
        [p for one, f in zip(marked, found, strict=True) for p in passages(one.segmented, f)]
    )
    edges = np.cumsum([0, *map(len, found)]).tolist()
    return [
        replace(one, states=states[low:high])
        for one, low, high in zip(marked, edges[:-1], edges[1:], strict=True)
    ]


def passages(segmented: Segmented, found: Candidates) -> list[SentenceParts]:
    """Return the sentences of `segmented` that have any of `found`, each with where they stand, in order."""
    parts: dict[int, list[tuple[int, int]]] = {}
    numbers = _sentence_numbers(segmented, found).tolist()
    ranges = zip(found.first.tolist(), found.last.tolist(), strict=True)
    for number, (first, last) in zip(numbers, ranges, strict=True):
        span, start = segmented.tokens.span(first, last), segmented.sentences[number].start
        parts.setdefault(number, []).append((span.start - start, span.end - start))
    owners = [(segmented.sentences[number], tuple(spans)) for number, spans in parts.items()]
    return [(segmented.text[s.start : s.end], spans) for s, spans in owners]


def _sentence_numbers(segmented: Segmented, found: Candidates) -> Ints:
    """Return the number of the sentence of each candidate."""
    starts = np.array([s.first for s in segmented.sentences])
    return np.searchsorted(starts, found.first, side="right") - 1


def kept_candidates(found: Candidates, keep: Bools) -> Candidates:
    """Return the candidates that `keep` marks."""
    return Candidates(found.first[keep], found.last[keep], found.row[keep])


def _counted(marked: AnnotatedText, cues: CueList) -> Candidates:
    """Return the candidates of `marked` in the sentences that count."""
    found = find_cue_candidates(marked.where, cues)
    return kept_candidates(found, marked.counted[_sentence_numbers(marked.segmented, found)])


def read_news(
    texts: Iterable[UnlabelledText],
    cues: CueList,
    classes: WordClasses,
    read: EncodeTexts,
    detect: Callable[[Segmented], Sequence[Attribution]] | None = None,
) -> DistillationSet:
    """Return the candidates of unlabelled `texts`, frequent terms thinned out, with features and states.

    A sentence is taken while any of its candidates is of a term that has been taken less than ``_OFTEN`` times.
    """
    taken = np.zeros(len(cues), np.int64)
    features, asked = [], []
    for text in texts:
        segmented = segment(
            Document(text.text[:_LONGEST], title=text.title, id=text.id), find_furniture
        )
        if not segmented.sentences:
            continue
        found = find_cue_candidates(context(segmented), cues)
        number = _sentence_numbers(segmented, found)
        readable = [not s.furniture and s.last - s.first < _WORDY for s in segmented.sentences]
        fair = np.array(readable)[number]
        wanted = fair & (taken[found.row] < _OFTEN)
        found = kept_candidates(found, fair & np.isin(number, number[wanted]))
        if not len(found):
            continue
        np.add.at(taken, found.row, 1)
        where = context(segmented, detect(segmented) if detect else ())
        features.append(candidate_features(where, cues, found, classes))
        asked += passages(segmented, found)
    if not asked:
        return DistillationSet(np.zeros((0, FEATURES), np.int64), np.zeros((0, 0), np.float32))
    return DistillationSet(np.concatenate(features), read(asked))


def hedge_examples(
    marked: AnnotatedText, cues: CueList, classes: WordClasses
) -> tuple[Candidates, Ints, Bools]:
    """Return the candidates of `marked`, their feature buckets, and which of them truly hedge."""
    found = _counted(marked, cues)
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
            np.tile(SCALES, rows),
            features.ravel(),
            np.arange(0, features.size + 1, FEATURES),
        ),
        shape=(rows, 1 << HEDGE_BITS),
    )


def fit_hedging(
    marked: Sequence[AnnotatedText],
    cues: CueList,
    *,
    classes: WordClasses = NO_CLASSES,
    strength: float = HEDGING_C,
    threshold: float = 0.5,
    distillation: DistillationSet | None = None,
) -> HedgeModel:
    """Return a model learnt from the candidates of `marked`; with `distillation`, from what a teacher says as well."""
    parts = [hedge_examples(one, cues, classes) for one in marked]
    features = matrix(np.concatenate([part[1] for part in parts]))
    truth = np.concatenate([part[2] for part in parts])
    if distillation is not None and len(distillation.features):
        states = np.concatenate([one.states for one in marked if one.states is not None])
        learnt, bias = _taught(features, truth, states, distillation, strength)
    else:
        learner = LogisticRegression(C=strength, solver="liblinear", random_state=HEDGING_SEED)
        learner.fit(features, truth)
        learnt, bias = learner.coef_[0].astype(np.float32), float(learner.intercept_[0])
    learnt[np.abs(learnt) < 1e-3] = 0
    return HedgeModel(learnt, bias, threshold, cues, classes)


def _taught(
    features: csr_matrix,
    truth: Bools,
    states: Floats32,
    distillation: DistillationSet,
    strength: float,
) -> tuple[Floats32, float]:
    """Return weights and bias learnt from labelled candidates, and from unlabelled ones as a teacher sees them.

    Each unlabelled candidate counts as a hedge with the teacher's probability, and as none with the rest of it.
    """
    news = matrix(distillation.features)
    filled = np.bincount(features.indices, minlength=features.shape[1]) * 2
    filled += np.bincount(news.indices, minlength=features.shape[1])
    kept = np.flatnonzero(filled >= 2)  # buckets of one unlabelled candidate teach nothing
    features, news = features[:, kept], news[:, kept]
    chance = _teach(features, truth, states, news, distillation.states, strength)
    learner = LogisticRegression(C=strength, max_iter=150, tol=1e-3)
    learner.fit(
        vstack([features, news, news]),
        np.concatenate([truth, np.ones(len(chance), np.bool_), np.zeros(len(chance), np.bool_)]),
        sample_weight=np.concatenate([np.ones(len(truth)), chance, 1 - chance]),
    )
    learnt = np.zeros(1 << HEDGE_BITS, np.float32)
    learnt[kept] = learner.coef_[0]
    return learnt, float(learner.intercept_[0])


def _teach(
    features: csr_matrix,
    truth: Bools,
    states: Floats32,
    news: csr_matrix,
    news_states: Floats32,
    strength: float,
) -> Floats32:
    """Return the teacher's probability that each candidate of `news` hedges: log odds of two models, averaged.

    One learns from the `features` of labelled candidates, the other from the encoder's `states`.
    """
    by_words = LogisticRegression(C=strength, solver="liblinear", random_state=HEDGING_SEED)
    odds = _WORDS_SHARE * by_words.fit(features, truth).decision_function(news)
    scale = StandardScaler().fit(states)
    by_states = LogisticRegression(C=_STATES_STRENGTH, max_iter=200, tol=1e-3)
    by_states.fit(scale.transform(states), truth)
    odds += (1 - _WORDS_SHARE) * by_states.decision_function(scale.transform(news_states))
    return logistic(odds)


def predict(marked: AnnotatedText, model: HedgeModel) -> frozenset[Span]:
    """Return the spans of the cues that `model` finds in the sentences of `marked` that count."""
    found, probability = chances(marked, model)
    return _spans(marked, found, probability, model.threshold)


def chances(marked: AnnotatedText, model: HedgeModel) -> tuple[Candidates, Floats32]:
    """Return the candidates in the sentences of `marked` that count, and the probability of each."""
    found, features, _ = hedge_examples(marked, model.cues, model.classes)
    return found, model.probabilities(features)


def _spans(
    marked: AnnotatedText, found: Candidates, probability: Floats32, threshold: float
) -> frozenset[Span]:
    """Return the spans of the candidates that are chosen at `threshold`."""
    tokens = marked.segmented.tokens
    return frozenset(
        tokens.span(int(found.first[i]), int(found.last[i]))
        for i in select(found, probability, threshold)
    )


def sentences_with(marked: AnnotatedText, spans: Iterable[Span]) -> set[int]:
    """Return the numbers of the sentences in which `spans` begin."""
    starts = [sentence.start for sentence in marked.segmented.sentences]
    return {bisect_right(starts, span.start) - 1 for span in spans}


def best_threshold(
    marked: Sequence[AnnotatedText], scored: Sequence[tuple[Candidates, Floats32]]
) -> float:
    """Return the threshold of the best sum of cue F1 (exact) and sentence F1.

    `scored` holds the candidates of each of `marked` with probabilities from models that did not learn from it.
    """
    best = (-1.0, 0.5)
    there = [sentences_with(one, one.cues) for one in marked]
    for threshold in np.arange(0.2, 0.71, 0.02):
        cues, sentences = np.zeros(2), np.zeros(2)
        for one, (found, probability), hedged in zip(marked, scored, there, strict=True):
            got = _spans(one, found, probability, float(threshold))
            hedging = sentences_with(one, got)
            cues += len(got & one.cues), len(got) + len(one.cues)
            sentences += len(hedging & hedged), len(hedging) + len(hedged)
        f1 = sum(2 * right / max(total, 1) for right, total in (cues, sentences))
        best = max(best, (f1, float(threshold)))
    return best[1]


def fit_with_threshold(
    marked: Sequence[AnnotatedText],
    cues: CueList,
    classes: WordClasses,
    *,
    beside: Sequence[AnnotatedText] = (),
    distillation: DistillationSet | None = None,
    folds: int = 5,
) -> HedgeModel:
    """Return a model learnt from `marked` and `beside`; its threshold suits `marked`, each fold scored by the others."""
    fold = np.random.default_rng(HEDGING_SEED).permutation(len(marked)) % folds
    apart = [
        fit_hedging(
            [*(m for m, f in zip(marked, fold, strict=True) if f != number), *beside],
            cues,
            classes=classes,
            distillation=distillation,
        )
        for number in range(folds)
    ]
    scored = [chances(one, apart[f]) for one, f in zip(marked, fold, strict=True)]
    threshold = best_threshold(marked, scored)
    return fit_hedging(
        [*marked, *beside], cues, classes=classes, threshold=threshold, distillation=distillation
    )


def train_hedging(
    articles: Sequence[GoldArticle],
    classes: WordClasses,
    detect: Callable[[Segmented], Sequence[Attribution]] | None = None,
    *,
    more: Sequence[GoldArticle] = (),
    read: EncodeTexts | None = None,
    distillation: DistillationSet | None = None,
) -> HedgeModel:
    """Return the model that ships: learnt from `articles` and `more`, with `read` and `distillation` from a teacher too.

    The threshold comes from held-out fifths of `articles` alone, the kind that the model is for. `detect` finds
    the attributions that tell the reporter's words from a source's.
    """
    cues = default_cues()
    every = [
        mark_article(a, detect(segment(a.document)) if detect else ()) for a in (*articles, *more)
    ]
    every = with_states(every, cues, read if distillation is not None else None)
    marked, beside = every[: len(articles)], every[len(articles) :]
    return fit_with_threshold(marked, cues, classes, beside=beside, distillation=distillation)


def learn_word_classes(
    texts: Sequence[str], *, words: int = 25_000, granularities: Sequence[int] = (64, 400)
) -> WordClasses:
    """Return classes of the `words` most frequent words of `texts`, one clustering a granularity.

    Words are described by the leading 64 singular vectors of the positive pointwise mutual information
    with their neighbours at distances 1 and 2 (Levy and Goldberg 2014), and clustered by k-means.
    """
    codes = [word_features(tokenise(text).forms).spelling for text in texts]
    values, tally = np.unique(np.concatenate(codes), return_counts=True)
    frequent = np.sort(values[np.argsort(-tally, kind="stable")[:words]])
    context_words = min(4000, len(frequent))
    common = np.argsort(-tally[np.searchsorted(values, frequent)], kind="stable")[:context_words]
    slot = np.full(len(frequent), -1)
    slot[common] = np.arange(context_words)
    table = _neighbour_counts(codes, frequent, slot, context_words)
    left, size, _ = randomized_svd(
        _positive_information(table), 64, n_iter=3, random_state=HEDGING_SEED
    )
    vectors = left * np.sqrt(size)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    found = [
        MiniBatchKMeans(k, random_state=HEDGING_SEED, n_init=3, batch_size=4096)
        .fit(vectors)
        .labels_
        + 1
        for k in granularities
    ]
    return WordClasses(frequent.astype(np.uint32), np.stack(found, axis=1).astype(np.uint16))


def _neighbour_counts(
    codes: Sequence[Codes], frequent: Codes, slot: Ints, width: int
) -> csr_matrix:
    """Return how often each frequent word has each context word at -2, -1, +1, +2."""
    table = csr_matrix((len(frequent), 4 * width), dtype=np.float32)
    for batch in range(0, len(codes), 500):
        rows, places = [], []
        for text in codes[batch : batch + 500]:
            at = np.minimum(np.searchsorted(frequent, text), len(frequent) - 1)
            ids = np.where(frequent[at] == text, at, -1)
            for side, (word, near) in enumerate(
                ((ids[2:], ids[:-2]), (ids[1:], ids[:-1]), (ids[:-1], ids[1:]), (ids[:-2], ids[2:]))
            ):
                both = (word >= 0) & (near >= 0) & (slot[near] >= 0)
                rows.append(word[both])
                places.append(slot[near[both]] + side * width)
        row, place = np.concatenate(rows), np.concatenate(places)
        table = table + csr_matrix((np.ones(len(row), np.float32), (row, place)), table.shape)
    return table


def _positive_information(table: csr_matrix) -> csr_matrix:
    """Return the positive pointwise mutual information of counts, contexts smoothed by the power 0.75."""
    counts = table.tocoo()
    row = np.bincount(counts.row, counts.data, table.shape[0])
    column = np.bincount(counts.col, counts.data, table.shape[1]) ** 0.75
    information = np.log(counts.data * column.sum() / (row[counts.row] * column[counts.col]))
    kept = information > 0
    return csr_matrix(
        (information[kept], (counts.row[kept], counts.col[kept])), table.shape, dtype=np.float32
    )
