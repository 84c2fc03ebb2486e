"""Train the linker on annotated mentions, with class probabilities as uncertain as those that the reader gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from reportedly.annotation.reader.labels import YES_NO
from reportedly.annotation.sources.from_reading.entity_class import (
    EntityClasses,
    mixed,
    word_key,
)
from reportedly.annotation.sources.from_reading.found import class_chances
from reportedly.annotation.sources.from_reading.learning.choice import SourceExample
from reportedly.annotation.sources.from_reading.proposals import token_range
from reportedly.annotation.sources.linking.learning import LinkingExample, linking_example
from reportedly.annotation.sources.linking.linker import register_of
from reportedly.datamodel import SOURCE_CLASSES

_CLASSES = len(SOURCE_CLASSES)
_CLASS_ANSWERS = [YES_NO.index(name) for name in SOURCE_CLASSES]
_RARE = 5
"""With fewer examples of a kind and class, their class probabilities are drawn from all of the class."""

Pools = dict[tuple[str, int], list[tuple[float, ...]]]


def class_pools(reads: Sequence[SourceExample], words: EntityClasses) -> Pools:
    """Return the class probabilities that a reader gives to annotated mentions, by kind and annotated class."""
    pools: Pools = defaultdict(list)
    for read in reads:
        if not read.gold.has_entities:
            continue
        taught = linking_example(read.gold)
        sentences = read.article.segmented.sentences
        starts = [s.start for s in sentences]
        for view in register_of(taught.article, taught.statements).views:
            statement = view.statement
            assert statement.classes is not None
            if statement.source is None:
                number = max(0, int(np.searchsorted(starts, statement.extent.end)) - 1)
                told = class_chances(read.reading.answers[number, _CLASS_ANSWERS])
            else:
                first, end = token_range(read.article, statement.source)
                if first >= len(read.reading.words):
                    continue
                given = read.reading.words[first:end, :_CLASSES].mean(axis=0)
                key = word_key(
                    taught.article, view.mention, statement.cue, opens=view.sentence == 0
                )
                told = tuple(mixed(given, words.of_words([key])[0]).tolist())
            known = int(np.argmax(statement.classes))
            pools[view.kind, known].append(told)
            pools["", known].append(told)
    return dict(pools)


def blurred(taught: LinkingExample, pools: Pools, rng: np.random.Generator) -> LinkingExample:
    """Return an example with class probabilities drawn from those that a reader gave to mentions of the same kind and class."""
    classes: list[tuple[float, ...] | None] = []
    for view in register_of(taught.article, taught.statements).views:
        given = view.statement.classes
        assert given is not None
        known = int(np.argmax(given))
        pool = pools.get((view.kind, known), [])
        pool = pool if len(pool) >= _RARE else pools.get(("", known), [given])
        classes.append(pool[int(rng.integers(len(pool)))])
    return taught.with_classes(classes)
