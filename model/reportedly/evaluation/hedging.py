"""Measuring hedges: BioScope by its official protocol, event factuality in news, annotated articles.

Each function trains and tests the model of :mod:`reportedly.annotation.hedging.detect` on the split that it names and
returns plain scores. Sentence F1 is that of the uncertain class (CoNLL-2010 task 1; Farkas et al. 2010,
The CoNLL-2010 shared task, CoNLL); cue F1 counts a cue as found only if both its ends agree.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from reportedly.annotation.hedging.detect import (
    Candidates,
    CueList,
    candidate_features,
    context,
    cue_list,
    default_cues,
    scope,
    voice_at,
)
from reportedly.annotation.hedging.learning.fitting import (
    HEDGING_SEED,
    AnnotatedText,
    DistillationSet,
    fit_hedging,
    fit_with_threshold,
    locate_cues,
    mark_article,
    mark_sentences,
    matrix,
    predict,
    sentences_with,
    with_states,
)
from reportedly.annotation.hedging.learning.teacher import EncodeTexts
from reportedly.annotation.tokens.word_features import NO_CLASSES, WordClasses
from reportedly.corpora.gold import GoldArticle
from reportedly.datamodel import HEDGE_KINDS, Attribution, Segmented, Span
from reportedly.datamodel.arrays import Bools, Ints
from reportedly.lexicons.loader import load
from reportedly.reading.segmentation import segment, tokenise

CERTAIN = 2.0
"""An event is weakened when the absolute value of its factuality (−3 … 3) is below this."""


@dataclass(frozen=True, slots=True)
class CueScore:
    """Precision, recall and F1, each between 0 and 1."""

    precision: float
    recall: float
    f1: float


def score(right: int, found: int, there: int) -> CueScore:
    """Return the score for `right` of `found` cues, with `there` annotated; 0 if undefined."""
    return CueScore(
        right / found if found else 0.0,
        right / there if there else 0.0,
        2 * right / (found + there) if found + there else 0.0,
    )


def compare_cues(
    marked: Sequence[AnnotatedText], found: Sequence[frozenset[Span]]
) -> dict[str, CueScore]:
    """Return the scores of uncertain sentences and of exact cues for the spans `found` in each text."""
    pairs = list(zip(marked, found, strict=True))
    cues = score(
        sum(len(one.cues & spans) for one, spans in pairs),
        sum(len(spans) for _, spans in pairs),
        sum(len(one.cues) for one, _ in pairs),
    )
    gold = [sentences_with(one, one.cues) for one, _ in pairs]
    got = [sentences_with(one, spans) for one, spans in pairs]
    sentences = score(
        sum(len(a & b) for a, b in zip(gold, got, strict=True)),
        sum(map(len, got)),
        sum(map(len, gold)),
    )
    return {"sentence": sentences, "cue": cues}


def evaluate_bioscope(
    rows: Sequence[Mapping[str, Any]], classes: WordClasses = NO_CLASSES
) -> dict[str, CueScore]:
    """Return the scores on BioScope's full papers after training on its abstracts (Vincze et al. 2008).

    Scopes follow rules and are measured by :func:`evaluate_scopes`. Candidates are the speculation cues of the abstracts and those of our lexicon.
    """
    parts = {
        split: [
            (row["text"], [Span(c[0], c[1]) for c in row["cues"] if c[2] == "speculation"])
            for row in rows
            if row["split"] == split
        ]
        for split in ("abstracts", "full_papers")
    }
    cues = _mined(parts["abstracts"])
    training = _marked(parts["abstracts"])
    testing = _marked(parts["full_papers"])
    model = fit_hedging(training, cues, classes=classes)
    model = replace(model, threshold=0.45)
    return compare_cues(testing, [predict(one, model) for one in testing]) | evaluate_scopes(rows)


def _marked(rows: Sequence[tuple[str, Sequence[Span]]]) -> list[AnnotatedText]:
    """Return `rows` as marked texts of 200 sentences."""
    return [mark_sentences(rows[at : at + 200]) for at in range(0, len(rows), 200)]


def _mined(rows: Sequence[tuple[str, Sequence[Span]]]) -> CueList:
    """Return the cues annotated in `rows` and those of the lexicon, without approximators."""
    marked = Counter(span.of(text).lower() for text, spans in rows for span in spans)
    terms = [(term, "epistemic", f"mined {term[:5]}") for term in marked]
    for entry in load("hedges").entries:
        kind, group = entry.attributes["kind"], entry.attributes["group"]
        if kind != "approximator":
            terms += [(t, kind, group) for t in entry.terms if t.lower() not in marked]
    return cue_list(terms)  # type: ignore[arg-type]


def evaluate_factuality(
    rows: Sequence[Mapping[str, Any]], classes: WordClasses = NO_CLASSES
) -> dict[str, CueScore]:
    """Return the F1 of weakened events: trained on ``train``, measured on ``dev`` (Lee et al. 2015).

    An event is weakened if ``|factuality| < CERTAIN``. The floor calls every event weakened whose
    sentence has a word of the lexicon that is not an approximator.
    """
    cues = default_cues()
    training = _events([row for row in rows if row["split"] == "train"], cues, classes)
    testing = _events([row for row in rows if row["split"] == "dev"], cues, classes)
    learner = LogisticRegression(C=0.1, solver="liblinear", random_state=HEDGING_SEED)
    learner.fit(matrix(training[0]), training[1])
    least = _best(learner.predict_proba(matrix(training[0]))[:, 1], training[1])
    probability = learner.predict_proba(matrix(testing[0]))[:, 1]
    return {
        "lexicon in the sentence": _binary(testing[2], testing[1]),
        "learnt": _binary(probability >= least, testing[1]),
    }


def _best(probability: npt.NDArray[Any], truth: Bools) -> float:
    """Return the threshold at which as many events are called weakened as are annotated so."""
    return float(np.quantile(probability, 1 - truth.mean()))


def _binary(found: Bools, truth: Bools) -> CueScore:
    """Return the score of the booleans `found`."""
    return score(int((found & truth).sum()), int(found.sum()), int(truth.sum()))


def _events(
    rows: Sequence[Mapping[str, Any]], cues: CueList, classes: WordClasses
) -> tuple[Ints, Bools, Bools]:
    """Return the events' feature buckets, whether each is weakened, and whether a cue is in its sentence."""
    marked = mark_sentences([(row["text"], ()) for row in rows])
    starts = np.array(marked.segmented.tokens.starts)
    at, weak, cued = [], [], []
    for row, sentence in zip(rows, marked.segmented.sentences, strict=True):
        forms = [f.lower() for f in marked.segmented.tokens.forms[sentence.first : sentence.last]]
        hedged = any(f in _single_terms() for f in forms)
        for start, _, value in row["events"]:
            token = int(np.searchsorted(starts, sentence.start + start, "right")) - 1
            at.append(token)
            weak.append(abs(value) < CERTAIN)
            cued.append(hedged)
    first = np.array(at)
    spelling = marked.where.words.spelling[first]
    words, row_of = np.unique(spelling, return_inverse=True)
    events = replace(
        cues,
        terms=tuple(map(str, words)),
        hashes=words,
        groups=np.ones(len(words), np.uint64),
        stems=np.array(words) & np.uint64(0xFF),
    )
    found = Candidates(first, first + 1, row_of)
    return candidate_features(marked.where, events, found, classes), np.array(weak), np.array(cued)


def _single_terms() -> frozenset[str]:
    """Return the lexicon's single words that are not approximators."""
    return frozenset(
        t.lower()
        for e in load("hedges").entries
        if e.attributes["kind"] != "approximator"
        for t in e.terms
        if " " not in t
    )


def evaluate_hedging(
    articles: Sequence[GoldArticle],
    classes: WordClasses = NO_CLASSES,
    *,
    more: Sequence[GoldArticle] = (),
    detect: Callable[[Segmented], Sequence[Attribution]] | None = None,
    read: EncodeTexts | None = None,
    distillation: DistillationSet | None = None,
    folds: int = 10,
) -> dict[str, CueScore]:
    """Return the scores on annotated `articles`, cross-validated by article; also those of voice and kind, given the cues.

    `more` articles are added to every training fold; thresholds come only from the training folds, and so does the
    teacher, which reads with `read` and labels the texts of `distillation`.
    """
    every = [
        mark_article(a, detect(segment(a.document)) if detect else ()) for a in (*articles, *more)
    ]
    every = with_states(every, default_cues(), read if distillation is not None else None)
    marked, beside = every[: len(articles)], every[len(articles) :]
    fold = np.random.default_rng(HEDGING_SEED).permutation(len(marked)) % folds
    found: list[frozenset[Span]] = [frozenset()] * len(marked)
    for number in range(folds):
        others = [m for m, f in zip(marked, fold, strict=True) if f != number]
        model = fit_with_threshold(
            others, default_cues(), classes, beside=beside, distillation=distillation
        )
        for index in np.flatnonzero(fold == number):
            found[index] = predict(marked[index], model)
    given = {
        "voice, cue given": voices_right(articles, detect),
        "kind, cue given": kinds_right(articles),
    }
    return compare_cues(marked, found) | given


def evaluate_scopes(rows: Sequence[Mapping[str, Any]]) -> dict[str, CueScore]:
    """Return how well :func:`reportedly.annotation.hedging.detect.scope` finds the scopes of BioScope's full papers, given the cues.

    ``exact`` counts scopes with the same first and last word, ``words`` the words of all scopes;
    ``to the end`` is the baseline, also by words: from the cue to the end of the sentence.
    """
    exact = there = 0
    tallies = {"words": [0, 0, 0], "to the end": [0, 0, 0]}
    for row in rows:
        tokens = tokenise(row["text"])
        scopes = {scope_id: (start, end) for start, end, scope_id in row["scopes"]}
        for start, end, kind, scope_id in row["cues"]:
            if kind != "speculation" or scope_id not in scopes or row["split"] != "full_papers":
                continue
            first, last = bisect_left(tokens.starts, start), bisect_left(tokens.starts, end)
            wanted = words_between(tokens.starts, *scopes[scope_id])
            found = range(*scope(tokens.forms, first, last, (0, len(tokens)), "epistemic"))
            there += 1
            exact += wanted == found
            for name, given in (("words", found), ("to the end", range(first, len(tokens)))):
                both = len({*wanted} & {*given})
                for n, count in enumerate((both, len(given), len(wanted))):
                    tallies[name][n] += count
    scores = {name: score(*tally) for name, tally in tallies.items()}
    return {"scope, exact": score(exact, there, there)} | {
        f"scope, {name}": one for name, one in scores.items()
    }


def words_between(starts: Sequence[int], start: int, end: int) -> range:
    """Return the numbers of the words that begin in ``[start, end)``; `starts` are the words' offsets."""
    return range(bisect_left(starts, start), bisect_left(starts, end))


def voices_right(
    articles: Sequence[GoldArticle],
    detect: Callable[[Segmented], Sequence[Attribution]] | None = None,
) -> CueScore:
    """Return how many annotated cues have the voice that follows from quotations and attributions."""
    right = total = 0
    for article in articles:
        segmented = segment(article.document)
        where = context(segmented, detect(segmented) if detect else ())
        for sentence in article.sentences:
            for hedge in sentence.hedges:
                for span in locate_cues(segmented.text, sentence.span, [hedge]):
                    token = bisect_right(segmented.tokens.starts, span.start) - 1
                    total += 1
                    right += voice_at(where, token, hedge.kind) == hedge.voice  # type: ignore[arg-type]
    return score(right, total, total)


def kinds_right(articles: Sequence[GoldArticle]) -> CueScore:
    """Return for how many annotated cues that are in the lexicon it has the annotated kind."""
    cues = default_cues()
    kind_of = dict(zip(cues.terms, cues.kinds, strict=True))
    pairs = [
        (h.kind, kind_of[h.cue.lower()])
        for a in articles
        for s in a.sentences
        for h in s.hedges
        if h.cue.lower() in kind_of and h.kind in HEDGE_KINDS
    ]
    return score(sum(a == b for a, b in pairs), len(pairs), len(pairs))
