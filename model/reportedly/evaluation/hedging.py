"""Measuring what stands beside the reader's tags: the words around listed terms, and scopes.

BioScope by its official protocol, and event factuality in news; how well the bundle finds hedges in annotated articles is measured
by :mod:`reportedly.evaluation.signals`. Each function learns the features of :mod:`reportedly.annotation.hedging.detect` on one split,
tests on another and returns plain figures. Sentence F1 is that of the uncertain class (CoNLL-2010 task 1; Farkas et al. 2010,
The CoNLL-2010 shared task, CoNLL); cue F1 counts a cue as found only where both its ends agree.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from reportedly.annotation.hedging.detect import (
    Candidates,
    CueList,
    candidate_features,
    cue_list,
    default_cues,
    scope,
)
from reportedly.annotation.hedging.learning.fitting import (
    HEDGING_SEED,
    AnnotatedText,
    fit_hedging,
    mark_sentences,
    matrix,
    predict,
    sentences_with,
)
from reportedly.annotation.tokens.word_features import NO_CLASSES, WordClasses
from reportedly.datamodel import Span
from reportedly.datamodel.arrays import Bools, Ints
from reportedly.lexicons.loader import load
from reportedly.reading.segmentation import tokenise

CERTAIN = 2.0
"""An event is weakened when the absolute value of its factuality (−3 … 3) is below this."""

_LEAST = 0.45
"""How likely a cue of BioScope must be."""


@dataclass(frozen=True, slots=True)
class CueScore:
    """Precision, recall and F1, each between 0 and 1."""

    precision: float
    recall: float
    f1: float


def score(right: int, found: int, there: int) -> CueScore:
    """Return the score of `right` among `found` where `there` were to be found; 0 where undefined."""
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

    Scopes, which are not learnt, are measured as :func:`evaluate_scopes` says. Candidates are the speculation cues of the abstracts and those of our lexicon.
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
    found = [predict(one, model, _LEAST) for one in testing]
    return compare_cues(testing, found) | evaluate_scopes(rows)


def _marked(rows: Sequence[tuple[str, Sequence[Span]]]) -> list[AnnotatedText]:
    """Return `rows` as marked texts of 200 sentences."""
    return [mark_sentences(rows[at : at + 200]) for at in range(0, len(rows), 200)]


def _mined(rows: Sequence[tuple[str, Sequence[Span]]]) -> CueList:
    """Return the cues that `rows` mark, and the lexicon's beside them, approximators left out."""
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
    """Return the F1 of weakened events: learnt on ``train``, measured on ``dev`` (Lee et al. 2015).

    An event is weakened when ``|factuality| < CERTAIN``. The floor calls every event weakened whose
    sentence has a word of the lexicon, approximators apart.
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
    """Return the threshold at which as many events are called weakened as truly are."""
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
    """Return the lexicon's single words that are no approximators."""
    return frozenset(
        t.lower()
        for e in load("hedges").entries
        if e.attributes["kind"] != "approximator"
        for t in e.terms
        if " " not in t
    )


def evaluate_scopes(rows: Sequence[Mapping[str, Any]]) -> dict[str, CueScore]:
    """Return how well :func:`reportedly.annotation.hedging.detect.scope` finds the scopes of BioScope's full papers, cues given.

    ``exact`` counts scopes with the same first and last word, ``words`` the words of all scopes;
    ``to the end`` is the floor, words again: from the cue to the end of the sentence.
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
