"""Train everything that makes a ledger from a reading: choice of statements, linker, classes of sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from reportedly.annotation.sources.from_reading.choice import Chances, Findings
from reportedly.annotation.sources.from_reading.entity_class import EntityClasses
from reportedly.annotation.sources.from_reading.found import statements_of
from reportedly.annotation.sources.from_reading.learning.choice import (
    Chosen,
    SourceExample,
    learn_choice,
    truth_of,
)
from reportedly.annotation.sources.from_reading.learning.classes import (
    class_examples,
    fit_sources,
    learn_mention_classes,
)
from reportedly.annotation.sources.from_reading.learning.linker import blurred, class_pools
from reportedly.annotation.sources.from_reading.model import LedgerModel
from reportedly.annotation.sources.from_reading.resolve import link_found
from reportedly.annotation.sources.linking.learning import (
    LinkingExample,
    learn_linker,
    linking_examples,
)
from reportedly.corpora.gold import GoldArticle
from reportedly.corpora.leaks import Log
from reportedly.datamodel.arrays import Floats32

_DRAWS = 3
"""How often each article teaches the linker, with other class probabilities drawn for its mentions."""


class LearntLedger(NamedTuple):
    """The trained ledger; for each article the probabilities of its proposals and a ledger model, by models that had not seen it."""

    model: LedgerModel
    unseen: tuple[Chances, ...]
    apart: tuple[LedgerModel, ...]


def learn_ledger(
    reads: Sequence[SourceExample],
    articles: Sequence[GoldArticle],
    groups: Sequence[int],
    *,
    seed: int = 0,
    say: Log = lambda _: None,
) -> LearntLedger:
    """Return the trained models that make a ledger from a reading.

    `reads` are annotated articles as a reader reads them that has not learnt from them. `articles` with entities train the
    linker; near duplicates share a group in `groups`. The classifier of words is trained once for each part of `reads` on
    articles outside it, so that models trained on its output see it on articles new to it.
    """
    rng = np.random.default_rng(seed)
    taught = linking_examples(articles, groups)
    by_part = words_by_part(reads, taught)
    words = [by_part[read.part] for read in reads]
    say(f"ledger: classes of {len(words[0].rows)} words and features learnt")
    first = min(by_part)
    pools = class_pools([read for read in reads if read.part == first], by_part[first])
    drawn = [blurred(one, pools, rng) for _ in range(_DRAWS) for one in taught]
    fitted = learn_linker(drawn, seed=seed, say=say)
    chosen = learn_choice(reads, seed=seed)
    say("ledger: choice of statements learnt")
    apart = [
        LedgerModel(chosen.choice, fitted.apart.get(read.gold.id, fitted.model), own)
        for read, own in zip(reads, words, strict=True)
    ]
    weights = learn_sources(reads, chosen, apart)
    whole = LedgerModel(chosen.choice, fitted.model, by_part[first])
    model, *apart = (
        replace(one, classes=replace(one.classes, weights=weights)) for one in (whole, *apart)
    )
    return LearntLedger(model, chosen.unseen, tuple(apart))


def words_by_part(
    reads: Sequence[SourceExample], taught: Sequence[LinkingExample]
) -> dict[int, EntityClasses]:
    """Return for each part of `reads` a classifier of words that was trained on the articles outside it."""
    part_of = {read.gold.id: read.part for read in reads}
    return {
        part: learn_mention_classes([one for one in taught if part_of.get(one.id) != part])
        for part in sorted(set(part_of.values()))
    }


def learn_sources(
    reads: Sequence[SourceExample], chosen: Chosen, apart: Sequence[LedgerModel]
) -> Floats32:
    """Return the weights of the features of found sources; their statements are chosen and linked by models that had not seen the article, `apart`."""
    tables: list[Floats32] = []
    classes: list[int] = []
    statements: list[int] = []
    for read, chances, model in zip(reads, chosen.unseen, apart, strict=True):
        findings = Findings.of(read.article, read.given, read.reading)
        kept = chosen.choice.keeps(findings, chances)
        found = statements_of(read.article, findings, kept, read.reading, model.classes)
        linked = link_found(read.article, found, model)
        rows, known, counts = class_examples(read, findings, truth_of(read, findings), linked)
        tables.append(rows)
        classes += known
        statements += counts
    return fit_sources(tables, classes, statements)
