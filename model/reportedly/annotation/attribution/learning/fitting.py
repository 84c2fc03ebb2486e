"""Learn the attribution model from PolNeAR and unlabelled news: what ``train.py attribution`` runs."""

from __future__ import annotations

import warnings
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from reportedly.annotation.attribution import (
    linking,
    reported_speech,
    reporting_verbs,
    tagging,
)
from reportedly.annotation.attribution.learning.embeddings import word_vectors
from reportedly.annotation.attribution.model import AttributionModel
from reportedly.annotation.tokens import network, token_features
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.spelling import normal
from reportedly.corpora.gold import GoldArticle as SentenceGold
from reportedly.corpora.gold import read_gold
from reportedly.corpora.leaks import Screen, screen
from reportedly.corpora.polnear import AttributionArticle, Role, load_polnear, matches
from reportedly.corpora.unlabelled import unlabelled_texts
from reportedly.datamodel import Attribution, Document, Segmented
from reportedly.datamodel.arrays import Ints
from reportedly.reading.segmentation import segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


LABELS = (
    "O", "G", "B-C", "I-C", "B-S<", "I-S<", "B-S>", "I-S>", "B-K<", "I-K<", "B-K>", "I-K>",
)  # fmt: skip
"""Outside; in the gap of an attribution; cue; source and content before (<) and after (>) their cue."""

_PRIORS: Mapping[Role, tuple[float, tuple[float, ...]]] = {
    "cue": (0.3, (0.05, 0.15, 0.3, 0.5, 0.75)),
    "source": (0.1, (0.03, 0.1, 0.2, 0.4)),
    "content": (0.1, (0.02, 0.08, 0.2, 0.4)),
}
"""Role → what is added to a word's count in the role, and the edges of the bands of its share."""

_LETTERS: tuple[tuple[Role, str], ...] = (("content", "K"), ("cue", "C"), ("source", "S"))
"""Letters of the roles in labels, in the order in which they are written over each other."""

_PAIRED: tuple[tuple[Role, int], ...] = (("source", linking.SOURCE), ("content", linking.CONTENT))

_SECOND_OPINION = 0.4
"""Weight of an annotation other than the primary one of its article: some articles have six."""

_LONGEST = 20_000
"""Code points of an unlabelled text that are read: beyond lie page furniture and transcripts."""

_INVENTED = 0.5
"""Weight of a sentence of our own articles for the sentence model, beside real ones."""

_TUNING = 20
"""One in so many of PolNeAR's training articles tunes confidences."""

_WIDEST = 80
"""Tokens beyond which the gap between an attribution's parts is not tagged as one."""


@dataclass(frozen=True)
class PreparedAttributions:
    """An article cut into parts, with its attributions as token ranges by role."""

    article: AttributionArticle
    parts: Segmented
    ranges: tuple[Mapping[Role, list[tuple[int, int]]], ...]


def prepare_attributions(article: AttributionArticle) -> PreparedAttributions:
    """Cut an article into parts; a span that cuts through a token is widened to its edges."""
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

    Where attributions share tokens, the shorter wins among contents, then cues over contents and
    sources over both.
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
    """Return the classes of every word worth one, and how many values each class has.

    In order: the kind of reporting word, whether columns take it for a cue, and the bands of its share
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


def labelled(
    prepared: PreparedAttributions, classes: Mapping[str, tuple[int, ...]], weight: float = 1.0
) -> network.Labelled:
    """Return what the network learns from one article."""
    parts = prepared.parts
    sequences = [(s.first, s.last) for s in parts.sentences]
    place = _columns(parts, classes)
    return network.Labelled(parts.tokens.forms, place, sequences, labels_of(prepared), weight)


def _columns(parts: Segmented, classes: Mapping[str, tuple[int, ...]]) -> Ints:
    """Return the columns of an article's tokens, given the classes of words."""
    nothing = (0,) * 5
    known = np.array(
        [classes.get(normal(form), nothing)[:2] for form in parts.tokens.forms], np.uint8
    ).reshape(-1, 2)
    return token_features.token_features(DocBatch.of(parts), known)


def pairs_of(
    prepared: PreparedAttributions, classes: Mapping[str, tuple[int, ...]], rng: np.random.Generator
) -> Iterator[tuple[Role, NDArray[np.float32], NDArray[np.bool_]]]:
    """Yield, for sources and contents, the features of segment-cue pairs and whether they are linked.

    Segments are the annotated ones, of which a tenth is left out and one side in twenty turned, so
    that the linker meets what a tagger makes of a text.
    """
    tags = labels_of(prepared).astype(np.int8)
    whole = linking.segments_of(tags, LABELS)
    kept = rng.random(len(whole.roles)) > 0.1
    sides = np.where(rng.random(len(whole.roles)) < 0.05, 3 - whole.sides, whole.sides)
    sides = np.where(whole.sides == 0, 0, sides)
    found = linking.Segments(whole.roles[kept], whole.firsts[kept], whole.lasts[kept], sides[kept])
    example = labelled(prepared, classes)
    layout = DocBatch.of(prepared.parts)
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
        features = linking.pair_features(
            found, items[mine], cues[other], layout, kinds, example.columns
        )
        yield role, features, np.array(truth)


def train_linker(
    prepared: Sequence[PreparedAttributions], classes: Mapping[str, tuple[int, ...]], seed: int = 0
) -> linking.Linker:
    """Learn which sources and contents belong to which cue."""
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
        with warnings.catch_warnings():  # a dozen passes are enough and meant
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
        for found, evidence in tagging.tag(DocBatch.of(one.parts), model).found[0]:
            rows.append(evidence)
            right.append(any(matches(found, gold) for gold in one.article.attributions))
    fit = LogisticRegression(C=10.0).fit(np.array(rows), np.array(right))
    return replace(model, calibration=(float(fit.intercept_[0]), *(float(w) for w in fit.coef_[0])))


@dataclass(frozen=True)
class Sentences:
    """What the sentence model learns from: features, whether somebody's words are reported, article.

    `weight` says how much each sentence counts.
    """

    rows: NDArray[np.float32]
    truth: NDArray[np.bool_]
    article: Ints
    weight: NDArray[np.float64]

    def chosen(self, which: NDArray[np.bool_]) -> Sentences:
        """Return only the sentences marked in `which`."""
        return Sentences(
            self.rows[which], self.truth[which], self.article[which], self.weight[which]
        )


def reporting_sentences(
    articles: Sequence[SentenceGold],
    model: AttributionModel,
    more: Sequence[SentenceGold] = (),
) -> Sentences:
    """Return features and truth of every sentence of `articles` that an annotated one overlaps.

    Where several do, the longest overlap counts; page furniture is left out. `more` are articles of
    another kind, ours, which follow and count half as much.
    """
    rows, truth, number = [], [], []
    for index, article in enumerate([*articles, *more]):
        parts = segment(article.document)
        if not parts.sentences:
            continue
        features = reported_speech.sentence_features(
            tagging.tag(DocBatch.of(parts), model), model.network
        )
        for place, sentence in enumerate(parts.sentences):
            shared = [
                min(gold.span.end, sentence.end) - max(gold.span.start, sentence.start)
                for gold in article.sentences
            ]
            best = int(np.argmax(shared)) if shared else -1
            if best >= 0 and shared[best] > 0 and not article.sentences[best].furniture:
                rows.append(features[place])
                truth.append(bool(article.sentences[best].attributions))
                number.append(index)
    weight = np.where(np.array(number) < len(articles), 1.0, _INVENTED)
    return Sentences(np.array(rows), np.array(truth), np.array(number), weight)


def reporting_weights(sentences: Sentences) -> NDArray[np.float32]:
    """Learn the weights that tell whether a sentence reports, a constant first."""
    scaler = StandardScaler().fit(sentences.rows)
    fit = LogisticRegression(C=0.005, max_iter=500)
    fit.fit(scaler.transform(sentences.rows), sentences.truth, sample_weight=sentences.weight)
    weights = fit.coef_[0] / scaler.scale_
    constant = fit.intercept_[0] - weights @ scaler.mean_
    together: NDArray[np.float32] = np.r_[constant, weights].astype(np.float32)
    return together


def with_reporting(
    model: AttributionModel,
    articles: Sequence[SentenceGold],
    more: Sequence[SentenceGold] = (),
) -> AttributionModel:
    """Return the model with its sentence weights learnt from all `articles`, and `more` of another kind."""
    return replace(model, reporting=reporting_weights(reporting_sentences(articles, model, more)))


def reporting_folds(
    model: AttributionModel,
    articles: Sequence[SentenceGold],
    folds: int = 8,
    seed: int = 0,
    more: Sequence[SentenceGold] = (),
) -> Iterator[tuple[AttributionModel, list[SentenceGold]]]:
    """Yield models that did not see some of the articles, and those: for measuring end to end.

    All models see `more`, articles of another kind.
    """
    sentences = reporting_sentences(articles, model, more)
    fold = np.random.default_rng(seed).permutation(len(articles)) % folds
    which = np.r_[fold, np.full(len(more), -1)][sentences.article]
    for held in range(folds):
        weights = reporting_weights(sentences.chosen(which != held))
        yield (
            replace(model, reporting=weights),
            [article for article, f in zip(articles, fold, strict=True) if f == held],
        )


def apart_for_tuning(
    articles: Sequence[AttributionArticle], seed: int = 0
) -> tuple[list[AttributionArticle], list[AttributionArticle]]:
    """Return the articles that tune confidences, a twentieth of the training split, and those that teach.

    No other annotation of an article that tunes is among those that teach.
    """
    main = [a for a in articles if a.primary and a.split == "train"]
    order = np.random.default_rng(seed).permutation(len(main))
    tuning = [main[i] for i in sorted(order[: max(1, len(main) // _TUNING)].tolist())]
    texts = {article.document.text for article in tuning}
    return tuning, [a for a in articles if a.document.text not in texts]


def prepare_all(articles: Sequence[AttributionArticle]) -> list[PreparedAttributions]:
    """Cut articles into parts."""
    return [prepare_attributions(article) for article in articles]


def running_text(
    folder: Path, classes: Mapping[str, tuple[int, ...]], screened: Screen | None = None
) -> Iterator[network.Unlabelled]:
    """Yield the texts under `folder` as pretraining reads them: forms, and the columns of their places."""
    for text in unlabelled_texts(folder, screened):
        parts = segment(Document(text[:_LONGEST]))
        if parts.sentences:
            place = _columns(parts, classes)
            yield network.Unlabelled(parts.tokens.forms, place.astype(np.uint8))


def train_attribution(
    data: str | Path,
    settings: network.NetworkSettings | None = None,
    say: Callable[[str], None] = lambda _: None,
    *,
    gold: Path | None = None,
    more: Sequence[SentenceGold] = (),
    pretraining: Path | None = None,
    cache: Path | None = None,
    screened: Screen | None = None,
) -> AttributionModel:
    """Learn the attribution model from the files under `data`.

    A twentieth of PolNeAR's training articles teaches nothing but how far confidences can be trusted.

    Parameters
    ----------
    data
        A folder with ``spans/polnear.jsonl.gz`` and ``corpora/*.parquet``.
    settings
        Of the network.
    say
        Hears how training goes.
    gold
        Articles annotated sentence by sentence, for the scope ``reported``; ``gold/`` under `data`
        where it is not given.
    more
        Our own articles, annotated in the same way: they join the former.
    pretraining
        Folder of corpora on whose text, without labels, the network is trained first.
    cache
        File that keeps the pretrained weights.
    screened
        Leaves out what is held out for measuring; by the files in `data` where it is not given.

    Raises
    ------
    InvalidRequest
        Without PyTorch.
    """
    from reportedly.annotation.reader.learning.words import train_network  # noqa: PLC0415 - needs PyTorch

    data, settings = Path(data), settings or network.NetworkSettings()
    screened = screened or screen(data, say=say)
    articles = screened.items(
        "PolNeAR", load_polnear(data / "spans" / "polnear.jsonl.gz"), lambda a: a.document.text
    )
    tuning, teaching = map(prepare_all, apart_for_tuning(articles, settings.seed))
    main = [one for one in teaching if one.article.primary and one.article.split == "train"]
    classes, sizes = word_classes(main)
    texts = unlabelled_texts(data / "corpora", screened) + [one.parts.text for one in main]
    words, vectors = word_vectors(texts, seed=settings.seed)
    say(f"{len(words)} word vectors from {len(texts)} texts")
    examples = [
        labelled(one, classes, 1.0 if one.article.primary else _SECOND_OPINION) for one in teaching
    ]
    tagger = train_network(
        examples, LABELS, network.Words(words, vectors, classes, sizes), settings, say,
        texts=partial(running_text, pretraining, classes, screened) if pretraining is not None else None,
        cache=cache,
    )  # fmt: skip
    linker = train_linker(main, classes, settings.seed)
    say("linker learnt")
    model = calibrated(AttributionModel(tagger, linker), tuning)
    gold = data / "gold" if gold is None else gold
    if gold.is_dir():
        model = with_reporting(model, screened.articles("gold", read_gold(gold)), more)
        say("sentence model learnt")
    return model
