"""Train from PolNeAR the parts of the attribution model other than the student: tags, word classes, links, confidences."""

from __future__ import annotations

import warnings
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from reportedly.annotation.attribution import (
    linking,
    reporting_verbs,
    tagging,
)
from reportedly.annotation.attribution.model import AttributionModel
from reportedly.annotation.tokens import token_features
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.spelling import normal
from reportedly.corpora.polnear import AttributionArticle, Role, matches
from reportedly.datamodel import Attribution, Segmented
from reportedly.datamodel.arrays import Ints
from reportedly.reading.segmentation import segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


LABELS = (
    "O", "G", "B-C", "I-C", "B-S<", "I-S<", "B-S>", "I-S>", "B-K<", "I-K<", "B-K>", "I-K>",
)  # fmt: skip
"""Outside; in the gap of an attribution; cue; source and content before (<) and after (>) their cue."""

_PRIORS: Mapping[Role, tuple[float, tuple[float, ...]]] = {
    "cue": (0.3, (0.05, 0.15, 0.3, 0.5, 0.75)),
    "source": (0.1, (0.03, 0.1, 0.2, 0.4)),
    "content": (0.1, (0.02, 0.08, 0.2, 0.4)),
}
"""Role → the smoothing of a word's count in the role, and the edges of the bands of its share."""

_LETTERS: tuple[tuple[Role, str], ...] = (("content", "K"), ("cue", "C"), ("source", "S"))
"""Letters of the roles in labels; where roles overlap, a later one replaces an earlier one."""

_PAIRED: tuple[tuple[Role, int], ...] = (("source", linking.SOURCE), ("content", linking.CONTENT))


_TUNING = 20
"""One of this many training articles of PolNeAR is used to tune confidences."""

_WIDEST = 80
"""The most tokens of a gap between an attribution's parts that is tagged."""


@dataclass(frozen=True)
class PreparedAttributions:
    """A segmented article, with its attributions as token ranges by role."""

    article: AttributionArticle
    parts: Segmented
    ranges: tuple[Mapping[Role, list[tuple[int, int]]], ...]


def prepare_attributions(article: AttributionArticle) -> PreparedAttributions:
    """Segment an article; a span that cuts through a token is widened to its edges."""
    parts = segment(article.document)
    starts, ends = np.array(parts.tokens.starts), np.array(parts.tokens.ends)

    def tokens(attribution: Attribution, role: Role) -> list[tuple[int, int]]:
        spans = getattr(attribution, role)
        pairs = {
            (
                int(np.searchsorted(ends, span.start, side="right")),
                int(np.searchsorted(starts, span.end)),
            )
            for span in spans
        }
        return sorted(pair for pair in pairs if pair[0] < pair[1])

    roles: tuple[Role, ...] = ("source", "cue", "content")
    ranges = tuple({role: tokens(a, role) for role in roles} for a in article.attributions)
    return PreparedAttributions(article, parts, ranges)


def labels_of(prepared: PreparedAttributions) -> Ints:
    """Return the label id of every token.

    Where attributions share tokens, the shorter content counts, then cues before contents and
    sources before both.
    """
    tags = ["O"] * len(prepared.parts.tokens)
    whole = [[pair for pairs in r.values() for pair in pairs] for r in prepared.ranges]
    for pairs in whole:
        if pairs:
            low, high = min(a for a, _ in pairs), max(b for _, b in pairs)
            if high - low < _WIDEST:
                tags[low:high] = ["G"] * (high - low)
    for role, letter in _LETTERS:
        longest = sorted(prepared.ranges, key=lambda r: -sum(b - a for a, b in r[role]))
        for ranges in longest:
            for first, last in ranges[role]:
                tag = letter
                if role != "cue":
                    ahead = bool(ranges["cue"]) and first < ranges["cue"][0][0]
                    tag += "<" if ahead else ">"
                tags[first:last] = [f"B-{tag}"] + [f"I-{tag}"] * (last - first - 1)
    ids = {label: i for i, label in enumerate(LABELS)}
    before = "O"
    for i, tag in enumerate(tags):
        if tag[0] == "I" and before[1:] != tag[1:]:
            tags[i] = "B" + tag[1:]
        before = tags[i]
    return np.array([ids[tag] for tag in tags], np.int64)


def word_classes(
    prepared: Sequence[PreparedAttributions],
) -> tuple[dict[str, tuple[int, ...]], tuple[int, ...]]:
    """Return the classes of every word that has any, and the number of values of each class.

    In order: the kind of reporting word, whether the columns count it as a cue, and the bands of its share
    as cue, as source, and as first word of a content, among its occurrences in training.
    """
    counts: Counter[str] = Counter()
    in_role: dict[Role, Counter[str]] = {role: Counter() for role in _PRIORS}
    for one in prepared:
        words = [normal(form) for form in one.parts.tokens.forms]
        counts.update(words)
        for role, counter in in_role.items():
            for first, last in {pair for r in one.ranges for pair in r[role]}:
                counter.update(words[first : first + 1 if role == "content" else last])
    verbs = reporting_verbs.verb_kinds()
    classes = {}
    for word in sorted({*verbs, *counts}):
        kind = reporting_verbs.REPORTING_KINDS.index(verbs.get(word, ""))
        bands = [0, 0, 0]
        if counts[word] >= 3:
            bands = [
                int(
                    np.searchsorted(
                        edges, (in_role[role][word] + extra) / (counts[word] + 3), side="right"
                    )
                )
                for role, (extra, edges) in _PRIORS.items()
            ]
        likely = (
            bands[0] >= 3 if counts[word] >= 3 else verbs.get(word, "noun") not in {"noun", "think"}
        )
        values = (kind, int(likely), *bands)
        if any(values):
            classes[word] = values
    return classes, (
        len(reporting_verbs.REPORTING_KINDS),
        2,
        *(len(edges) + 1 for _, edges in _PRIORS.values()),
    )


def _columns(
    layout: DocBatch, parts: Segmented, classes: Mapping[str, tuple[int, ...]]
) -> token_features.Places:
    """Return the columns of an article's tokens, given the classes of words."""
    nothing = (0,) * 5
    known = np.array(
        [classes.get(normal(form), nothing)[:2] for form in parts.tokens.forms], np.uint8
    ).reshape(-1, 2)
    return token_features.token_features(layout, known)


def pairs_of(
    prepared: PreparedAttributions, classes: Mapping[str, tuple[int, ...]], rng: np.random.Generator
) -> Iterator[tuple[Role, NDArray[np.float32], NDArray[np.bool_]]]:
    """Yield, for sources and contents, the features of segment-cue pairs and whether they are linked.

    Segments are the annotated ones; a tenth is left out and one side in twenty is swapped, so
    that the linker sees errors like those of a tagger.
    """
    tags = labels_of(prepared).astype(np.int8)
    whole = linking.segments_of(tags, LABELS)
    kept = rng.random(len(whole.roles)) > 0.1
    sides = np.where(rng.random(len(whole.roles)) < 0.05, 3 - whole.sides, whole.sides)
    sides = np.where(whole.sides == 0, 0, sides)
    found = linking.Segments(whole.roles[kept], whole.firsts[kept], whole.lasts[kept], sides[kept])
    layout = DocBatch.of(prepared.parts)
    place = _columns(layout, prepared.parts, classes)
    kinds = np.array(
        [classes.get(normal(f), (0,))[0] for f in prepared.parts.tokens.forms], np.int64
    )
    cues = np.flatnonzero(found.roles == linking.CUE)
    for role, code in _PAIRED:
        items = np.flatnonzero(found.roles == code)
        mine, other = linking.nearest_pairs(found.firsts[items], found.firsts[cues])
        if not len(mine):
            continue
        linked = {
            (item, cue)
            for ranges in prepared.ranges
            for item in ranges[role]
            for cue in ranges["cue"]
        }
        truth = [
            (
                (int(found.firsts[items[a]]), int(found.lasts[items[a]])),
                (int(found.firsts[cues[b]]), int(found.lasts[cues[b]])),
            )
            in linked
            for a, b in zip(mine, other, strict=True)
        ]
        features = linking.pair_features(found, items[mine], cues[other], layout, kinds, place)
        yield role, features, np.array(truth)


def train_linker(
    prepared: Sequence[PreparedAttributions], classes: Mapping[str, tuple[int, ...]], seed: int = 0
) -> linking.Linker:
    """Train the model of which sources and contents belong to which cue."""
    rng = np.random.default_rng(seed)
    gathered: dict[Role, list[tuple[NDArray[np.float32], NDArray[np.bool_]]]] = {
        "source": [],
        "content": [],
    }
    for one in prepared:
        for role, features, truth in pairs_of(one, classes, rng):
            gathered[role].append((features, truth))
    weights = {}
    for role, pairs in gathered.items():
        features = np.concatenate([f for f, _ in pairs])
        truth = np.concatenate([t for _, t in pairs])
        size = min(512, 1 + len(truth) // 50)
        model = MLPClassifier((32,), alpha=1e-3, batch_size=size, max_iter=12, random_state=seed)
        with warnings.catch_warnings():  # a dozen passes are enough
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(features, truth)
        weights[role] = tuple(
            np.asarray(a, np.float32)
            for a in (model.coefs_[0], model.intercepts_[0], model.coefs_[1], model.intercepts_[1])
        )
    return linking.Linker(weights)  # type: ignore[arg-type]


def calibrated(
    model: AttributionModel, prepared: Sequence[PreparedAttributions]
) -> AttributionModel:
    """Return the model with confidences fitted to how often its attributions match on `prepared`."""
    rows, right = [], []
    for one in prepared:
        if not one.parts.sentences:
            continue
        for found, evidence in tagging.tag(model.reader.read(DocBatch.of(one.parts)), model)[0]:
            rows.append(evidence)
            right.append(any(matches(found, gold) for gold in one.article.attributions))
    fit = LogisticRegression(C=10.0).fit(np.array(rows), np.array(right))
    return replace(model, calibration=(float(fit.intercept_[0]), *(float(w) for w in fit.coef_[0])))


def apart_for_tuning(
    articles: Sequence[AttributionArticle], seed: int = 0
) -> tuple[list[AttributionArticle], list[AttributionArticle]]:
    """Return the articles that tune confidences, a twentieth of the training split, and the training articles.

    An article used for tuning is not among the training articles in another annotation.
    """
    main = [a for a in articles if a.primary and a.split == "train"]
    order = np.random.default_rng(seed).permutation(len(main))
    tuning = [main[i] for i in sorted(order[: max(1, len(main) // _TUNING)].tolist())]
    texts = {article.document.text for article in tuning}
    return tuning, [a for a in articles if a.document.text not in texts]


def prepare_all(articles: Sequence[AttributionArticle]) -> list[PreparedAttributions]:
    """Segment articles."""
    return [prepare_attributions(article) for article in articles]
