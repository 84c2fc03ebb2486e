"""Train everything that makes a ledger from a reading: choice of statements, linker, classes of sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from reportedly.annotation.sources.from_reading.choice import Chances, Findings
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
from reportedly.annotation.sources.linking.learning import learn_linker, linking_examples
from reportedly.annotation.sources.linking.model import LinkModel
from reportedly.corpora.gold import GoldArticle
from reportedly.corpora.leaks import Log
from reportedly.datamodel.arrays import Floats32


class LearntLedger(NamedTuple):
    """The trained ledger, and for each article the probabilities of its proposals and a linker, by models that had not seen it."""

    model: LedgerModel
    unseen: tuple[Chances, ...]
    linkers: tuple[LinkModel, ...]


def learn_ledger(
    reads: Sequence[SourceExample],
    articles: Sequence[GoldArticle],
    groups: Sequence[int],
    *,
    seed: int = 0,
    say: Log = lambda _: None,
) -> LearntLedger:
    """Return the trained models that make a ledger from a reading.

    `reads` are annotated articles that did not train the reader, as it reads them. `articles` with entities train the
    linker; near duplicates share a group in `groups`. Articles that are not among `reads` train the classifier of
    words, so that models trained on its output for `reads` see it on articles new to it.
    """
    rng = np.random.default_rng(seed)
    taught = linking_examples(articles, groups)
    known = {one.gold.id for one in reads}
    words = learn_mention_classes([one for one in taught if one.id not in known])
    say(f"ledger: classes of {len(words.rows)} words and features learnt")
    pools = class_pools(reads, words)
    fitted = learn_linker([blurred(one, pools, rng) for one in taught], seed=seed, say=say)
    linkers = tuple(fitted.apart.get(read.gold.id, fitted.model) for read in reads)
    chosen = learn_choice(reads, seed=seed)
    say("ledger: choice of statements learnt")
    model = LedgerModel(chosen.choice, fitted.model, words)
    classes = replace(words, weights=learn_sources(reads, chosen, linkers, model))
    return LearntLedger(replace(model, classes=classes), chosen.unseen, linkers)


def learn_sources(
    reads: Sequence[SourceExample],
    chosen: Chosen,
    linkers: Sequence[LinkModel],
    model: LedgerModel,
) -> Floats32:
    """Return the weights of the features of found sources; their statements are chosen and linked by models that had not seen the article."""
    tables: list[Floats32] = []
    classes: list[int] = []
    statements: list[int] = []
    for read, chances, linker in zip(reads, chosen.unseen, linkers, strict=True):
        findings = Findings.of(read.article, read.given, read.reading)
        kept = chosen.choice.keeps(findings, chances)
        found = statements_of(read.article, findings, kept, read.reading, model.classes)
        linked = link_found(read.article, found, replace(model, linker=linker))
        rows, known, counts = class_examples(read, findings, truth_of(read, findings), linked)
        tables.append(rows)
        classes += known
        statements += counts
    return fit_sources(tables, classes, statements)
