"""Train the linker on articles whose annotation gives the source of each statement.

The rankers are averages of small scikit-learn networks that score candidates, given the annotated links of the
statements before. The certainty of a choice, and the probability below which it stays unclear, are fitted on articles
that the rankers have not seen.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from reportedly.annotation.sources.coreference.names import Article, index_article
from reportedly.annotation.sources.linking.features import rows_of
from reportedly.annotation.sources.linking.linker import (
    in_turn,
    linking_run,
    register_of,
)
from reportedly.annotation.sources.linking.model import MOST_STANDARD_DEVIATIONS, LinkModel, Ranker
from reportedly.annotation.sources.linking.parties import Candidate, Register
from reportedly.annotation.sources.linking.statements import Statement
from reportedly.annotation.sources.linking.views import KINDS
from reportedly.corpora.gold import NOBODY, GoldArticle, GoldAttribution
from reportedly.corpora.leaks import Log
from reportedly.datamodel import SOURCE_CLASSES, Span
from reportedly.datamodel.arrays import Floats32
from reportedly.reading.segmentation import segment


@dataclass(frozen=True, slots=True)
class RankerRecipe:
    """How a ranker is trained: hidden units, number of networks, passes, L2 penalty, learning rate, rows per batch."""

    units: int
    networks: int
    passes: int
    decay: float
    rate: float
    batch: int


_RECIPE = RankerRecipe(units=32, networks=8, passes=12, decay=0.1, rate=2e-3, batch=256)
"""Chosen by cross-validation."""

LINKER_FOLDS = 4

_LEAST = 0.45
"""Half the statement F1 that is reached: a link with a lower probability costs more than it gains."""

_PRONOUNS_UNCLEAR = 0.10
"""Share of he and she left unclear."""

_ENOUGH = 150
"""The least statements of a kind for its certainty to be fitted separately."""

Truth = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkingExample:
    """One article to learn from: its statements in order, the key of each one's source, their sentences.

    `group` is shared with near duplicates.
    """

    id: str
    article: Article
    statements: tuple[Statement, ...]
    keys: Truth
    sentences: tuple[int, ...]
    group: int

    def with_classes(self, classes: Sequence[tuple[float, ...] | None]) -> LinkingExample:
        """Return the example with other class probabilities for its statements; None removes them."""
        told = [replace(s, classes=c) for s, c in zip(self.statements, classes, strict=True)]
        return replace(self, statements=tuple(told))


def linking_examples(
    articles: Sequence[GoldArticle], groups: Sequence[int]
) -> list[LinkingExample]:
    """Return annotated articles as training examples; near duplicates share a group in `groups`."""
    return [
        linking_example(article, group) for article, group in zip(articles, groups, strict=True)
    ]


def linking_example(article: GoldArticle, group: int = 0) -> LinkingExample:
    """Return one annotated article as a training example, its statements ordered by source, cue, or sentence."""
    text, found = article.document.text, []
    for number, sentence in enumerate(article.sentences):
        words = sentence.span.of(text)
        for order, attribution in enumerate(sentence.attributions):
            statement, at = _statement(words, sentence.span, attribution)
            found.append((at, order, statement, attribution.entity or NOBODY, number))
    found.sort(key=lambda one: one[:2])
    _, _, statements, keys, sentences = zip(*found, strict=True) if found else ((),) * 5
    return LinkingExample(
        article.id, index_article(segment(article.document)), statements, keys, sentences, group
    )


def _statement(words: str, span: Span, attribution: GoldAttribution) -> tuple[Statement, int]:
    """Return an annotated attribution as a statement, and its sort key."""
    cue = locate_words(words, attribution.cue)
    source = locate_words(words, attribution.source, 0 if cue is None else cue.start)
    classes = tuple(float(name == attribution.source_class) for name in SOURCE_CLASSES)
    first = source or cue or Span(0, 0)
    where = None if source is None else Span(span.start + source.start, span.start + source.end)
    return Statement(span, where, attribution.cue.lower(), classes), span.start + first.start


def locate_words(words: str, part: str, near: int = 0) -> Span | None:
    """Return where `part` stands in a sentence, the place nearest to `near`; for "X ... Y" the place of X."""
    part = part.split("..", maxsplit=1)[0].strip()
    if not part:
        return None
    pattern = re.compile(rf"(?<!\w){re.escape(part)}(?!\w)")
    places = [Span(*match.span()) for match in pattern.finditer(words)]
    if places:
        return min(places, key=lambda place: abs(place.start - near))
    at = words.lower().find(part.lower())
    return None if at < 0 else Span(at, at + len(part))


@dataclass(frozen=True, slots=True)
class Choice:
    """One statement to learn from: `rows` of the candidates and "new", and which of them are right."""

    kind: str
    elided: bool
    rows: Floats32
    right: tuple[int, ...]


def choices(linking_example: LinkingExample) -> list[Choice]:
    """Return the choices of an article, each made with the annotated links of the statements before it."""
    register = register_of(linking_example.article, linking_example.statements)
    bearers = _bearers(register, linking_example.keys)
    known: dict[str, int] = {}
    found = []
    for view in in_turn(register):
        key = linking_example.keys[view.place]
        candidates = register.candidates(view)
        rows = rows_of(register, view, candidates)
        right = _right(candidates, key, known, bearers)
        if right:
            found.append(Choice(view.kind, view.elided, rows, right))
        if key == NOBODY:
            register.leave(view)
        elif key in known:
            register.enter(view, Candidate(known[key], register.parties[known[key]]))
        else:
            new = right[0] == len(candidates)
            known[key] = register.enter(view, None if new else candidates[right[0]])
    return found


def _right(
    candidates: Sequence[Candidate],
    key: str,
    known: Mapping[str, int],
    bearers: Mapping[str, set[int]],
) -> tuple[int, ...]:
    """Return the rows that are right for a statement of source `key`; none if its candidate is missing."""
    if key in known:
        return tuple(i for i, c in enumerate(candidates) if c.number == known[key])
    named = (i for i, c in enumerate(candidates) if c.number < 0)
    right = [i for i in named if candidates[i].party.figures & bearers.get(key, set())]
    return tuple(right) or (len(candidates),)


def _bearers(register: Register, keys: Truth) -> Mapping[str, set[int]]:
    """Return the figures that each source is named as anywhere in the article, or in its key."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for view, key in zip(register.views, keys, strict=True):
        if view.own >= 0 and not view.mention.spokes:
            found[key].add(view.own)
    given = set(keys)
    for place, figure in enumerate(register.figures.members):
        for name in figure.names:
            last = name[-1].lower()
            if len(last) > 3 and last in given:
                found[last].add(place)
    return found


def fit(taught: Sequence[Sequence[Choice]], *, seed: int = 0) -> tuple[Ranker, Ranker]:
    """Return the rankers for statements with a source and for elided ones."""
    every = [choice for one in taught for choice in one]
    mentions, elided = (
        _fit([c for c in every if c.elided == kind], seed) for kind in (False, True)
    )
    return mentions, elided


def _fit(taught: Sequence[Choice], seed: int) -> Ranker:
    """Return a ranker learnt from choices."""
    rows = np.concatenate([choice.rows for choice in taught])
    return fit_ranker(rows, np.concatenate([_marks(choice) for choice in taught]), _RECIPE, seed)


def fit_ranker(rows: Floats32, right: NDArray[np.bool_], recipe: RankerRecipe, seed: int) -> Ranker:
    """Return a ranker: networks that tell right rows from wrong ones, averaged."""
    scaler = StandardScaler().fit(rows)
    mean, scale = scaler.mean_.astype(np.float32), (1.0 / scaler.scale_).astype(np.float32)
    scaled = np.clip((rows - mean) * scale, -MOST_STANDARD_DEVIATIONS, MOST_STANDARD_DEVIATIONS)
    networks = [_network(scaled, right, recipe, seed + n) for n in range(recipe.networks)]
    return Ranker(
        mean,
        scale,
        np.hstack([network.coefs_[0] for network in networks]).astype(np.float32),
        np.concatenate([network.intercepts_[0] for network in networks]).astype(np.float32),
        np.concatenate([n.coefs_[1][:, 0] / recipe.networks for n in networks]).astype(np.float32),
        float(np.mean([network.intercepts_[1][0] for network in networks])),
    )


def _network(
    rows: Floats32, right: NDArray[np.bool_], recipe: RankerRecipe, seed: int
) -> MLPClassifier:
    """Return one trained network."""
    network = MLPClassifier(
        (recipe.units,), alpha=recipe.decay, learning_rate_init=recipe.rate,
        batch_size=min(recipe.batch, len(rows)), max_iter=recipe.passes,
        random_state=seed, tol=0.0, n_iter_no_change=recipe.passes,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", ConvergenceWarning
        )  # stopping after so many passes is intended
        return network.fit(rows, right)


def _marks(choice: Choice) -> NDArray[np.bool_]:
    """Return which rows are right."""
    marks = np.zeros(len(choice.rows), np.bool_)
    marks[list(choice.right)] = True
    return marks


@dataclass(frozen=True, slots=True)
class Tried:
    """One statement linked by a model that had not seen its article: the evidence for the choice, and whether it was right."""

    kind: str
    evidence: Floats32
    right: bool


@dataclass(frozen=True, slots=True)
class FittedLinker:
    """A trained linker, and for the id of each example a linker that was not trained on it or a near duplicate."""

    model: LinkModel
    apart: Mapping[str, LinkModel]


def learn_linker(
    taught: Sequence[LinkingExample], *, seed: int = 0, say: Log = lambda _: None
) -> FittedLinker:
    """Return the linker trained on examples; several examples of one article share a group."""
    known = [choices(one) for one in taught]
    say(f"linker: {sum(map(len, known))} statements of {len(taught)} examples")
    unsure = np.zeros((len(KINDS), 4), np.float32), np.zeros(len(KINDS), np.float32)
    parts = []
    for number, (train, test) in enumerate(_folds(taught)):
        rankers = fit([known[i] for i in train], seed=seed)
        parts.append((rankers, [taught[i] for i in test]))
        say(f"linker: fold {number + 1} of {LINKER_FOLDS} learnt")
    certainty, least = unsure
    for _ in range(_ROUNDS):  # the evidence for a choice includes the certainty of the one before
        tried = [
            t for rankers, own in parts for t in _try(LinkModel(*rankers, certainty, least), own)
        ]
        certainty = _certainty(tried)
    sure = certainty, _margins(tried, certainty)
    apart: dict[str, LinkModel] = {}
    for rankers, own in parts:
        apart |= dict.fromkeys([one.id for one in own], LinkModel(*rankers, *sure))
    return FittedLinker(LinkModel(*fit(known, seed=seed), *sure), apart)


_ROUNDS = 3


def _folds(taught: Sequence[LinkingExample]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield training and test examples, with near duplicates on one side."""
    groups = [one.group for one in taught]
    for train, test in GroupKFold(LINKER_FOLDS, shuffle=True, random_state=0).split(
        groups, groups=groups
    ):
        yield train.tolist(), test.tolist()


def _try(model: LinkModel, linking_examples: Sequence[LinkingExample]) -> Iterator[Tried]:
    """Yield every statement of `linking_examples` as the model links it."""
    for one in linking_examples:
        run = linking_run(one.article, one.statements, model)
        right = right_links(one, run.register.owner)
        for view in run.register.views:
            yield Tried(view.kind, run.evidence[view.place], right[view.place])


def right_links(linking_example: LinkingExample, owners: Sequence[int | None]) -> list[bool]:
    """Return which statements got the source that is paired with the annotated one.

    `owners` are numbers of sources, -1 for nobody, None for unclear, which is never right. Sources are paired one
    to one so that they share as many statements as can be; a statement is a pair of sentence and source, and nobody
    a source of its own in each sentence.
    """
    theirs, ours = _pairs(linking_example, owners)
    given, found = list(dict.fromkeys(theirs)), list(dict.fromkeys(o for o in ours if o))
    shared = Counter(
        (k, o) for _, k, o in set(zip(linking_example.sentences, theirs, ours, strict=True))
    )
    table = np.array([[shared[key, owner] for owner in found] for key in given])
    if not table.size:
        return [False] * len(owners)
    rows, columns = linear_sum_assignment(table, maximize=True)
    paired = {(given[i], found[j]) for i, j in zip(rows.tolist(), columns.tolist(), strict=True)}
    return [pair in paired for pair in zip(theirs, ours, strict=True)]


_Source = tuple[str | int, int]


def _pairs(
    linking_example: LinkingExample, owners: Sequence[int | None]
) -> tuple[list[_Source], list[_Source | None]]:
    """Return the annotated and the found source of each statement; "nobody" is a different source in each sentence."""
    theirs: list[_Source] = [
        (key, sentence if key == NOBODY else -1)
        for key, sentence in zip(linking_example.keys, linking_example.sentences, strict=True)
    ]
    ours: list[_Source | None] = [
        None if owner is None else (owner, sentence if owner < 0 else -1)
        for owner, sentence in zip(owners, linking_example.sentences, strict=True)
    ]
    return theirs, ours


def _certainty(tried: Sequence[Tried]) -> Floats32:
    """Return the certainty weights of each kind of statement, ``(kinds, 4)``; kinds with few statements share one row."""
    counts = Counter(one.kind for one in tried)
    rare = _sureness([one for one in tried if counts[one.kind] < _ENOUGH] or tried)
    rows = [
        _sureness([one for one in tried if one.kind == kind]) if counts[kind] >= _ENOUGH else rare
        for kind in KINDS
    ]
    return np.array(rows, np.float32)


def _sureness(tried: Sequence[Tried]) -> Floats32:
    """Return the weights of a logistic regression on the evidence for choices, and its intercept, ``(4,)``."""
    right = np.array([one.right for one in tried])
    if right.all() or not right.any():
        return np.array([0.0, 0.0, 0.0, _SURE if right.all() else -_SURE], np.float32)
    curve = LogisticRegression(C=1.0).fit(np.array([one.evidence for one in tried]), right)
    return np.array([*curve.coef_[0], curve.intercept_[0]], np.float32)


_SURE = 4.0


def _margins(tried: Sequence[Tried], certainty: Floats32) -> Floats32:
    """Return the probability below which each kind stays unclear, ``(kinds,)``."""
    least = np.full(len(KINDS), _LEAST, np.float32)
    he = KINDS.index("he")
    own = [one.evidence for one in tried if one.kind == "he"]
    if own:
        odds = np.array(own) @ certainty[he, :-1] + certainty[he, -1]
        least[he] = max(_LEAST, np.quantile(1.0 / (1.0 + np.exp(-odds)), _PRONOUNS_UNCLEAR))
    return least
