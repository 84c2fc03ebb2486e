"""How well the ledger of sources and the worklist agree with annotated articles.

Every function takes plain values (:mod:`reportedly.evaluation.labels`): the annotation first, then the labels that a
reader gives the same texts, in the same order. A *statement* is a pair of an annotated sentence and a source;
hearsay without a source counts as another source in each sentence. Sources of both sides are paired one to one
so that they share as many statements as possible, ties by class (Kuhn 1955, The Hungarian method).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.stats import rankdata

from reportedly.corpora.gold import NOBODY, overlaps
from reportedly.datamodel import Span
from reportedly.datamodel.arrays import Floats
from reportedly.datamodel.payload import UNSURE_LINE
from reportedly.evaluation.labels import ArticleLabels, LabelledStatement, SentenceLabels
from reportedly.evaluation.resampling import Rate, coefficient, rate

_TIE = 1e-4
"""What the right class adds to shared statements in pairing: less than one statement for any number of sources."""

_FIRST, _LOOKED_AT = 3, 5
"""The number of first worklist items that are measured, and among which a claim of worth 3 must be."""

PRONOUNS = frozenset({"he", "she"})


@dataclass(frozen=True, slots=True)
class Line:
    """One source of an article: its class, and the annotated sentences in which it says something."""

    source_class: str
    sentences: frozenset[int]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The sources of one article by key; `unclear` holds (statement, sentence) of statements left unclear."""

    lines: Mapping[Hashable, Line]
    unclear: frozenset[tuple[int, int]] = frozenset()


def ledger_of(statements: Sequence[LabelledStatement], spans: Sequence[Span]) -> Ledger:
    """Return the sources of `statements`, with the sentences, at `spans`, that their statements overlap.

    A source's class is that of most of its statements; ties go to the first.
    """
    sentences: defaultdict[Hashable, set[int]] = defaultdict(set)
    classes: defaultdict[Hashable, Counter[str]] = defaultdict(Counter)
    unclear: set[tuple[int, int]] = set()
    places = overlaps([Span(s.start, s.end) for s in statements], spans)
    for number, (statement, rows) in enumerate(zip(statements, places, strict=True)):
        for i in rows:
            if statement.source is None:
                unclear.add((number, i))
                continue
            key = (NOBODY, i) if statement.source == NOBODY else statement.source
            sentences[key].add(i)
            classes[key][statement.source_class] += 1
    lines = {
        key: Line(classes[key].most_common(1)[0][0], frozenset(rows))
        for key, rows in sentences.items()
    }
    return Ledger(lines, frozenset(unclear))


def paired(annotated: Ledger, found: Ledger) -> list[tuple[Hashable, Hashable]]:
    """Return pairs of keys of annotated and found sources that share a statement."""
    ours, theirs = list(annotated.lines), list(found.lines)
    worth = np.zeros((len(ours), len(theirs)))
    for row, one in enumerate(ours):
        for column, other in enumerate(theirs):
            mine, its = annotated.lines[one], found.lines[other]
            shared = len(mine.sentences & its.sentences)
            same = mine.source_class == its.source_class
            worth[row, column] = shared + _TIE * same if shared else 0.0
    rows, columns = linear_sum_assignment(worth, maximize=True)
    return [
        (ours[r], theirs[c])
        for r, c in zip(rows.tolist(), columns.tolist(), strict=True)
        if worth[r, c] >= 1
    ]


def right_lines(annotated: Ledger, found: Ledger) -> frozenset[Hashable]:
    """Return the keys of the found lines that are right: paired, of the same class, with at least half of the larger line's statements shared."""
    right = set()
    for one, other in paired(annotated, found):
        mine, its = annotated.lines[one], found.lines[other]
        shared = len(mine.sentences & its.sentences)
        half = 2 * shared >= max(len(mine.sentences), len(its.sentences))
        if half and mine.source_class == its.source_class:
            right.add(other)
    return frozenset(right)


def shown_lines_right(annotated: ArticleLabels, found: ArticleLabels) -> dict[str, bool]:
    """Return by key which lines of a ledger are right, with all statements without a source as one line, as in reports.

    That line is right if at least half of its sentences are.
    """
    spans = [sentence.span for sentence in annotated.sentences]
    ours = ledger_of(found.statements or (), spans)
    right = right_lines(ledger_of(annotated.statements or (), spans), ours)
    shown: defaultdict[str, list[bool]] = defaultdict(list)
    for key in ours.lines:
        shown[NOBODY if isinstance(key, tuple) else str(key)].append(key in right)
    return {key: 2 * sum(known) >= len(known) for key, known in shown.items()}


_TRUST_BINS = 3


def trust_rates(
    annotated: Sequence[ArticleLabels], found: Sequence[ArticleLabels], *, seed: int = 0
) -> list[Rate]:
    """Return the share of right lines, and the expected share, in the thirds of articles with low, middle and high estimates.

    Then follow the same for the lines that a report marks as unsure, and for the others.
    """
    told, marked = [], np.zeros((len(annotated), 2, 2), np.int64)
    for number, (one, other) in enumerate(zip(annotated, found, strict=True)):
        if other.chances:
            right = shown_lines_right(one, other)
            hits = sum(right.get(key, False) for key in other.chances)
            told.append(
                (sum(other.chances.values()) / len(other.chances), hits, len(other.chances))
            )
            for key, chance in other.chances.items():
                marked[number, int(chance >= UNSURE_LINE)] += (right.get(key, False), 1)
    told.sort(key=lambda article: article[0])
    rates = []
    for part in np.array_split(np.array(told, np.float64).reshape(-1, 3), _TRUST_BINS):
        if len(part):
            expected = float(part[:, 0] @ part[:, 2] / part[:, 2].sum())
            name = f"lines right, {expected:.3f} expected"
            counts = part[:, 1:].astype(np.int64)
            rates.append(rate(name, counts[:, 0], counts[:, 1], seed))
    for sure, name in enumerate(("lines right, marked unsure", "lines right, the others")):
        rates.append(rate(name, marked[:, sure, 0], marked[:, sure, 1], seed))
    return rates if told else []


def ledger_counts(annotated: ArticleLabels, found: ArticleLabels) -> dict[str, int]:
    """Return the counts of one article from which :func:`ledger_rates` are made."""
    spans = [sentence.span for sentence in annotated.sentences]
    gold = ledger_of(annotated.statements or (), spans)
    ours = ledger_of(found.statements or (), spans)
    pairs = paired(gold, ours)
    lines = [(gold.lines[one], ours.lines[other]) for one, other in pairs]
    shared = [len(one.sentences & other.sentences) for one, other in lines]
    same = [one.source_class == other.source_class for one, other in lines]
    stated = sum(len(line.sentences) for line in ours.lines.values())
    whole = len(pairs) == len(gold.lines) == len(ours.lines) and all(same)
    return {
        "statements": sum(len(line.sentences) for line in gold.lines.values()),
        "found statements": stated,
        "shared": sum(shared),
        "unclear": len(ours.unclear),
        "lines": len(gold.lines),
        "found lines": len(ours.lines),
        "right lines": len(right_lines(gold, ours)),
        "pairs": len(pairs),
        "same class": sum(same),
        "articles": 1,
        "whole": int(whole and bool(pairs)),
        "empty": int(not gold.lines and not ours.lines),
    } | _pronouns(annotated.statements or (), ours, dict(pairs), spans)


def _pronouns(
    statements: Sequence[LabelledStatement],
    found: Ledger,
    pairs: Mapping[Hashable, Hashable],
    spans: Sequence[Span],
) -> dict[str, int]:
    """Return how the annotated statements whose source reads "he" or "she" were resolved.

    Right: the found source paired with the annotated one says something in the sentence; else unclear: the
    reader left a statement there unclear; else wrong: it attributes the sentence to others; else missed.
    """
    counts = dict.fromkeys(("he/she right", "he/she unclear", "he/she wrong", "he/she missed"), 0)
    unclear = {i for _, i in found.unclear}
    for statement in statements:
        if statement.words.strip().lower() not in PRONOUNS:
            continue
        (at,) = overlaps([Span(statement.start, statement.end)], spans)
        for i in at[:1]:
            there = {key for key, line in found.lines.items() if i in line.sentences}
            if statement.source is not None and pairs.get(statement.source) in there:
                counts["he/she right"] += 1
            elif i in unclear:
                counts["he/she unclear"] += 1
            else:
                counts["he/she wrong" if there else "he/she missed"] += 1
    return counts


def ledger_rates(
    annotated: Sequence[ArticleLabels], found: Sequence[ArticleLabels], *, seed: int = 0
) -> list[Rate]:
    """Return the ledger's scores over articles, with bootstrap intervals.

    A line is right if its source is paired, of the same class, and shares at least half of the statements
    of the larger one of the pair. A ledger is wholly right if it has a source and every source, annotated
    or found, is paired and of the right class. Unclear statements count as missed, never as false.
    """
    counts = [ledger_counts(one, other) for one, other in zip(annotated, found, strict=True)]
    of = {name: np.array([c[name] for c in counts], np.int64) for name in counts[0]}
    stated = of["found statements"] + of["unclear"]
    told = of["he/she right"] + of["he/she unclear"] + of["he/she wrong"]
    every = told + of["he/she missed"]
    table = [
        ("statement F1", 2 * of["shared"], of["statements"] + of["found statements"]),
        ("statement precision", of["shared"], of["found statements"]),
        ("statement recall", of["shared"], of["statements"]),
        ("line F1", 2 * of["right lines"], of["lines"] + of["found lines"]),
        ("class of paired sources", of["same class"], of["pairs"]),
        ("ledgers wholly right", of["whole"], of["articles"]),
        ("no source on either side", of["empty"], of["articles"]),
        ("unclear statements", of["unclear"], stated),
        ("he/she right or unclear", of["he/she right"] + of["he/she unclear"], told),
        ("he/she right", of["he/she right"], told),
        ("he/she unclear", of["he/she unclear"], told),
        ("he/she missed", of["he/she missed"], every),
    ]
    return [rate(name, hits, total, seed) for name, hits, total in table]


def worklist_rates(
    annotated: Sequence[ArticleLabels], found: Sequence[ArticleLabels], *, seed: int = 0
) -> list[Rate]:
    """Return how many items of the worklists are worth checking.

    With g annotated listable claims of worth 2 or more: their share among the first min(3, g) items
    (a missing item counts as not worth checking); their share among all items; of the articles with a listable
    claim of worth 3, the share with such a claim among the first five items.
    """
    counts = np.array(
        [_worklist_counts(one, other) for one, other in zip(annotated, found, strict=True)],
        np.int64,
    ).reshape(-1, 6)
    names = (
        "first min(3, g) worth checking", "items worth checking", "worth 3 among the first five",
    )  # fmt: skip
    return [
        rate(name, counts[:, 2 * n], counts[:, 2 * n + 1], seed) for n, name in enumerate(names)
    ]


def _worklist_counts(annotated: ArticleLabels, found: ArticleLabels) -> list[int]:
    """Return hits and totals of the three scores of one article's worklist."""
    spans = [sentence.span for sentence in annotated.sentences]
    items = overlaps([Span(item.start, item.end) for item in found.worklist or ()], spans)
    worthy = [_is_worth(sentence, 2) for sentence in annotated.sentences]
    gravest = [_is_worth(sentence, 3) for sentence in annotated.sentences]
    hits = [any(worthy[i] for i in rows) for rows in items]
    first = min(_FIRST, sum(worthy))
    among = any(gravest[i] for rows in items[:_LOOKED_AT] for i in rows)
    return [sum(hits[:first]), first, sum(hits), len(hits), int(among), int(any(gravest))]


def _is_worth(sentence: SentenceLabels, worth: int) -> bool:
    """Tell whether a sentence is a listable claim of at least this worth."""
    return sentence.listable and sentence.worth is not None and sentence.worth >= worth


def score_rates(
    annotated: Sequence[ArticleLabels], found: Sequence[ArticleLabels], *, seed: int = 0
) -> list[Rate]:
    """Return the rank correlation (Spearman) of each score with that computed from the annotation."""
    rates = []
    for name in ("anonymous_sourcing", "unverified_claims"):
        both = [
            (one.scores[name], other.scores[name])
            for one, other in zip(annotated, found, strict=True)
            if name in one.scores and name in other.scores
        ]
        values = np.array(both, np.float64).reshape(-1, 2)
        label = f"rank correlation, {name}"
        rates.append(coefficient(label, values[:, 0], values[:, 1], rank_correlation, seed))
    return rates


def rank_correlation(values: Floats, others: Floats) -> float:
    """Return Spearman's coefficient; 0 if all values of one side are equal."""
    ranks: NDArray[np.float64] = np.stack([rankdata(values), rankdata(others)])
    if (ranks.std(axis=1) == 0).any():
        return 0.0
    return float(np.asarray(np.corrcoef(ranks))[0, 1])
