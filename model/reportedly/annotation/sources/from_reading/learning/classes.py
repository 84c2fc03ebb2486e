"""Train the class of sources: first on the words of annotated mentions, then on found sources of read articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from reportedly.annotation.sources.from_reading.choice import Findings
from reportedly.annotation.sources.from_reading.entity_class import (
    EntityClasses,
    mention_features,
    word_key,
)
from reportedly.annotation.sources.from_reading.learning.choice import (
    ProposalTruth,
    SourceExample,
    key_of,
)
from reportedly.annotation.sources.from_reading.resolve import LinkedStatements, rows_of_sources
from reportedly.annotation.sources.linking.learning import LinkingExample
from reportedly.annotation.sources.linking.linker import register_of
from reportedly.datamodel import SOURCE_CLASSES
from reportedly.datamodel.arrays import Floats32

WORDS_C, ENTITIES_C = 0.5, 0.02
"""Inverse L2 penalties, by cross-validation over articles."""

_LEAST_COUNT = 2
_NEVER = -20.0
"""Score of a class that does not occur in training."""


def learn_mention_classes(taught: Sequence[LinkingExample]) -> EntityClasses:
    """Return a classifier of mentions by their words, trained on annotated mentions; its weights for sources are not trained yet."""
    found: list[list[str]] = []
    classes: list[int] = []
    for linking_example in taught:
        for view in register_of(linking_example.article, linking_example.statements).views:
            given = view.statement.classes
            if view.elided or given is None:
                continue
            key = word_key(
                linking_example.article, view.mention, view.statement.cue, opens=view.sentence == 0
            )
            found.append(mention_features(*key))
            classes.append(int(np.argmax(given)))
    counts = Counter(name for names in found for name in set(names))
    kept = sorted(name for name, count in counts.items() if count >= _LEAST_COUNT)
    rows = {name: row for row, name in enumerate(kept)}
    learner = LogisticRegression(C=WORDS_C, max_iter=500)
    learner.fit(_matrix(found, rows), classes)
    return EntityClasses(
        rows,
        _weights(learner, len(rows)).astype(np.float16).astype(np.float32),
        np.zeros((1, 6), np.float32),
    )


def _weights(learner: LogisticRegression, width: int) -> Floats32:
    """Return the weights of all classes, the intercept last."""
    weights = np.zeros((width + 1, len(SOURCE_CLASSES)), np.float32)
    weights[-1] = _NEVER
    table = np.column_stack([learner.coef_, learner.intercept_])
    if len(table) == 1:  # for two classes there is only one row: the log odds of the second
        table = np.vstack([np.zeros_like(table), table])
    weights[:, learner.classes_] = table.T
    return weights


def _matrix(found: Sequence[Sequence[str]], rows: Mapping[str, int]) -> csr_matrix:
    """Return features as a sparse matrix of zeros and ones."""
    indices: list[int] = []
    ends = [0]
    for names in found:
        indices += sorted({rows[name] for name in names if name in rows})
        ends.append(len(indices))
    return csr_matrix(
        (np.ones(len(indices), np.float32), indices, ends), shape=(len(found), len(rows))
    )


def class_examples(
    read: SourceExample, findings: Findings, truth: ProposalTruth, linked: LinkedStatements
) -> tuple[Floats32, list[int], list[int]]:
    """Return the rows of found sources, their annotated classes, and how many statements each has.

    The class is that of the key which most of its statements have; sources without one are left out.
    """
    table = rows_of_sources(linked, read.reading)
    of_key: dict[str, Counter[str]] = {}
    for sentence in read.gold.sentences:
        for a in sentence.attributions:
            of_key.setdefault(key_of(a), Counter())[a.source_class] += 1
    at = {
        (v.first, v.sentence): k for v, k in zip(findings.proposals.voices, truth.keys, strict=True)
    }
    rows, classes, statements = [], [], []
    for row, said in zip(table, linked.sources, strict=True):
        votes: Counter[str] = Counter()
        for number in said:
            one = linked.found[number]
            key = None if one.voice is None else at.get((one.voice.first, one.sentence))
            if key is not None:
                votes[key] += 2
            elif one.voice is None:
                votes.update(truth.carried[one.sentence])
        if votes:
            best = votes.most_common(1)[0][0]
            if best in of_key:
                rows.append(row)
                classes.append(SOURCE_CLASSES.index(of_key[best].most_common(1)[0][0]))
                statements.append(len(said))
    width = table.shape[1] if len(table) else 0
    return np.array(rows, np.float32).reshape(len(rows), width), classes, statements


def fit_sources(
    tables: Sequence[Floats32], classes: Sequence[int], statements: Sequence[int]
) -> Floats32:
    """Return the weights of the features of sources, ``(evidence + 1, classes)``.

    `classes` and `statements` have one entry per source of all `tables`; a source weighs as the square root of its
    number of statements.
    """
    rows = np.concatenate([t for t in tables if len(t)])
    learner = LogisticRegression(C=ENTITIES_C, max_iter=1000)
    learner.fit(rows, classes, sample_weight=np.sqrt(statements))
    return _weights(learner, rows.shape[1])
