"""train_risk(config) -> TrainedRisk: articles to features, features to weights, weights to a calibrated model.

The order is the honest one: scores for calibration come from models that never saw the family of the
article they score; only then is the model that ships fitted on everything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from joblib import Memory, Parallel, delayed
from scipy import sparse
from sklearn.model_selection import GroupKFold

from reportedly.annotation.pipeline import annotate_each
from reportedly.calibration import Calibration, calibrate
from reportedly.classifier import RiskModel
from reportedly.corpora.leaks import Screen, screen
from reportedly.corpora.registry import TRAINED_ROLES
from reportedly.corpora.splits import Fold, family_folds, group_folds
from reportedly.corpora.tables import check_learnable, load_corpora, load_own, load_table
from reportedly.datamodel import Document
from reportedly.datamodel.arrays import Bools, Floats, Ints
from reportedly.features import dense_row, documented, scored_forms, unverified_forms
from reportedly.gates import Limits
from reportedly.learning import (
    Columns,
    Settings,
    Weights,
    article_weights,
    fit_logistic,
    learn,
    on_one_thread,
)
from reportedly.signals import SIGNALS
from reportedly.wording import RARE, Vocabulary, headline_forms, learn_vocabulary, with_columns

if TYPE_CHECKING:
    from reportedly.annotation.pipeline import Detectors


Progress = Callable[[Sequence[Any], str], Iterator[Any]]

LONGEST = 15_000
"""Code points of an article that training reads: enough for every rate, and a bound on time."""
_KEPT: dict[str, Detectors] = {}
"""The detectors of this process, by fingerprint."""
_CHUNK = 100
"""Articles of one cached piece of work."""
LEAST_HEADLINES = 5
"""Headlines that must have a word or pair before it is a column."""
LENGTH_BANDS = (12.0, 25.0, 45.0)
"""Scored sentences at which the reference percentiles change to the next band of length."""


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """What to train on, and how.

    `corpora` are folders of tables in the documented schema; `own` is the folder of the project's own
    corpus; `table` is a user's own table with the names of its columns. `cache` is a folder that
    keeps features, so that a run that was stopped carries on; `jobs` is the number of processes.
    """

    corpora: tuple[Path, ...] = ()
    own: Path | None = None
    table: Path | None = None
    text_column: str = "text"
    label_column: str = "label"
    title_column: str | None = None
    group_column: str | None = None
    cache: Path | None = None
    jobs: int = 1
    settings: Settings = field(default_factory=Settings)
    folds: int = 5


@dataclass(frozen=True, slots=True, weakref_slot=True)  # a cluster is sent it once, by reference
class Extracted:
    """The features of a frame of articles, row by row.

    `signals` holds the signals' scores; `sentences` the number of scored sentences; `forms` the scored
    words of each article, one string each; `unverified` which of them stand in an unverified claim; `titles` the words
    of its headline.
    """

    frame: pd.DataFrame
    forms: tuple[str, ...]
    titles: tuple[str, ...]
    unverified: tuple[Bools, ...]
    dense: Floats
    signals: Floats
    sentences: Floats

    @property
    def labels(self) -> Floats:
        """1.0 unreliable, 0.0 reliable, NaN neither."""
        labels: Floats = self.frame["label"].to_numpy(dtype=np.float64)
        return labels

    def words(self, rows: Ints) -> list[list[str]]:
        """Return the words of the articles in `rows`."""
        return [self.forms[i].split("\n") if self.forms[i] else [] for i in rows.tolist()]

    def headlines(self, rows: Ints) -> list[list[str]]:
        """Return the words of the headlines of the articles in `rows`; none where there is none."""
        return [self.titles[i].split("\n") if self.titles[i] else [] for i in rows.tolist()]


@dataclass(frozen=True, slots=True)
class TrainedRisk:
    """The model, the articles it was trained and measured on, its held-out scores, and their figures."""

    model: RiskModel
    frame: pd.DataFrame
    heldout: pd.DataFrame
    metrics: dict[str, Any]


def screen_for(config: TrainingConfig, say: Callable[[str], None] = lambda _: None) -> Screen:
    """Return what leaves out the articles held out for measuring, by the files beside the data of `config`."""
    table = (config.table.parent,) if config.table is not None else ()
    return screen(*config.corpora, *table, say=say)


def _screened(frame: pd.DataFrame, screened: Screen) -> pd.DataFrame:
    """Return the rows of `frame` that may teach."""
    texts, ids = frame["text"].tolist(), frame["id"].tolist()
    rows = list(range(len(frame)))
    return frame.iloc[screened.items("labelled articles", rows, texts.__getitem__, ids.__getitem__)]


def load_articles(config: TrainingConfig, screened: Screen | None = None) -> pd.DataFrame:
    """Return every article that `config` names and that is not held out for measuring the detectors.

    Raises
    ------
    InvalidCorpus
        When there is nothing to learn from; see :mod:`reportedly.corpora`.
    """
    frames = []
    if config.corpora:
        frames.append(load_corpora(*config.corpora))
    if config.table is not None:
        frames.append(
            load_table(
                config.table, text_column=config.text_column, label_column=config.label_column,
                title_column=config.title_column, group_column=config.group_column,
            )
        )  # fmt: skip
    if config.own is not None:
        frames.append(load_own(config.own))
    for number, frame in enumerate(frames):  # groups are numbered within each frame
        frame["group"] = frame["group"] + number * 10_000_000
    frame = pd.concat(frames, ignore_index=True)
    frame = _screened(frame, screened or screen_for(config))
    frame = frame[frame["label"].notna() | (frame["corpus"] == "golbeck2018_fake_satire")]
    frame = frame[frame["role"] != "statements"].reset_index(drop=True)
    check_learnable(frame, "the articles to train on")
    return frame


def extract(
    frame: pd.DataFrame,
    detectors: Detectors,
    *,
    cache: Path | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Extracted:
    """Return the features of every article of `frame`, from the cache where it has them."""
    memory = Memory(cache, verbose=0)
    work = memory.cache(_extract, ignore=["detectors"])
    version = _fingerprint(detectors)
    titles, texts = frame["title"].tolist(), [t[:LONGEST] for t in frame["text"].tolist()]
    starts = range(0, len(texts), _CHUNK)
    steps = progress(starts, "features") if progress else iter(starts)
    pieces = Parallel(
        n_jobs=jobs, max_nbytes=None
    )(  # detectors write into their arrays: no maps
        delayed(on_one_thread)(
            work, titles[s : s + _CHUNK], texts[s : s + _CHUNK], version, detectors
        )
        for s in steps
    )
    forms = tuple(form for piece in pieces for form in piece[0])
    headlines = tuple(words for piece in pieces for words in piece[1])
    unverified = tuple(marked for piece in pieces for marked in piece[2])
    rows = np.concatenate([piece[3] for piece in pieces])
    wide = len(documented())
    return Extracted(
        frame, forms, headlines, unverified, rows[:, :wide], rows[:, wide:-1], rows[:, -1]
    )


def _extract(
    titles: list[str], texts: list[str], version: str, detectors: Detectors
) -> tuple[list[str], list[str], list[Bools], Floats]:
    """Return the scored words, those of the headline, which are unverified, and the numbers of some articles.

    `version` keys the cache.

    A process keeps the first detectors of a version that it is sent, with what they learn of words.
    """
    detectors = _KEPT.setdefault(version, detectors)
    documents = [Document(text, title) for title, text in zip(titles, texts, strict=True)]
    forms, headlines, unverified, rows = [], [], [], []
    for annotated in annotate_each(documents, detectors):
        forms.append("\n".join(scored_forms(annotated.segmented)))
        headlines.append("\n".join(headline_forms(annotated.segmented)))
        unverified.append(unverified_forms(annotated))
        scores = [signal.measure(annotated).score for signal in SIGNALS]
        scored = sum(not s.furniture for s in annotated.segmented.sentences)
        rows.append([*dense_row(annotated), *scores, scored])
    return forms, headlines, unverified, np.array(rows)


_AFTER_FEATURES = frozenset(
    {
        "assessment", "batch", "bundle", "calibration", "card", "classifier", "corpora", "corpus_check",
        "explanation", "gates", "genres", "gold", "leaks", "learning", "plots", "policy", "screening", "trainers",
        "training", "transformers",
    }
)  # fmt: skip
"""Modules that come after the features: a change in them, or in the folders below, leaves cached ones valid."""
_FOLDERS_AFTER_FEATURES = frozenset({"cli", "evaluation", "pretrained", "report"})


def source_digest() -> str:
    """Return a digest of the package's modules and word lists that features may depend on."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.toml")]):
        place = path.relative_to(folder)
        if place.stem in _AFTER_FEATURES or place.stem.endswith("_training"):
            continue
        if place.parts[0] in _FOLDERS_AFTER_FEATURES:
            continue
        digest.update(f"{place.as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _fingerprint(detectors: Detectors) -> str:
    """Return a digest of the detectors, the features and the code: what cached features depend on."""
    digest = hashlib.sha256(repr([f.name for f in documented()]).encode())
    digest.update(source_digest().encode())
    for part in (getattr(detectors, f.name) for f in fields(detectors)):
        if part is None:
            continue
        for name, array in sorted(part.to_arrays().items()):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def directions() -> Ints:
    """Return the sign that each dense feature's weight may have."""
    return np.array([f.direction for f in documented()], dtype=np.int64)


def contrast_pairs(frame: pd.DataFrame, rows: Ints) -> Ints:
    """Return (riskier, safer) positions within `rows` for the contrast pairs of the project's own corpus."""
    part = frame.iloc[rows]
    mine = part[part["corpus"] == "reportedly"]
    at = dict(zip(part.index, range(len(part)), strict=True))
    found = []
    for _, group in mine.groupby("group"):
        high, low = group[group["label"] == 1], group[group["label"] == 0]
        if len(group) == 2 and len(high) == 1:
            found.append((at[high.index[0]], at[low.index[0]]))
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def trainable(extracted: Extracted) -> Ints:
    """Return the rows that may be trained on: labelled, in a corpus with such a role, trusted in that label."""
    frame = extracted.frame
    usable = frame["role"].isin(TRAINED_ROLES).to_numpy() & ~np.isnan(extracted.labels)
    return np.flatnonzero(usable)


@dataclass(frozen=True, slots=True)
class Wordings:
    """What words and pairs are columns, of texts and of headlines."""

    texts: Vocabulary
    headlines: Vocabulary

    @classmethod
    def learnt(cls, extracted: Extracted, rows: Ints) -> Wordings:
        """Return those of the articles in `rows`."""
        texts = learn_vocabulary(extracted.words(rows))
        titled = [forms for forms in extracted.headlines(rows) if forms]
        return cls(texts, with_columns(texts, titled, LEAST_HEADLINES))

    def columns(self, extracted: Extracted, rows: Ints) -> Columns:
        """Return the columns of the texts and of the headlines of the articles in `rows`."""
        marked = [extracted.unverified[i] for i in rows.tolist()]
        texts, unverified = self.texts.matrices(extracted.words(rows), marked)
        return Columns(texts, unverified, self.headlines.matrix(extracted.headlines(rows)))


def fit(
    extracted: Extracted,
    rows: Ints,
    columns: Columns,
    settings: Settings,
) -> Weights:
    """Return the weights learnt from `rows`; `columns` are theirs."""
    frame = extracted.frame.iloc[rows]
    return learn(
        columns,
        extracted.dense[rows],
        extracted.labels[rows],
        frame["corpus"].tolist(),
        directions(),
        pairs=contrast_pairs(extracted.frame, rows),
        settings=settings,
    )


def heldout_scores(
    extracted: Extracted,
    folds: Sequence[Fold],
    settings: Settings,
    *,
    jobs: int = 1,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the scores of each fold's test rows by a model fitted on its training rows alone.

    Everything is learnt anew in each fold: vocabulary, rarity, singular vectors, weights.
    """
    alike: dict[bytes, list[Fold]] = {}
    for fold in folds:
        alike.setdefault(fold.train.tobytes(), []).append(fold)
    work = list(alike.values())
    steps = progress(work, "held-out families") if progress else iter(work)
    parts = Parallel(n_jobs=jobs)(
        delayed(on_one_thread)(_score_folds, extracted, same, settings) for same in steps
    )
    joined: pd.DataFrame = pd.concat(parts, ignore_index=True)
    order = {fold.name: number for number, fold in enumerate(folds)}
    return joined.sort_values(
        "fold", key=lambda names: names.map(order), kind="stable", ignore_index=True
    )


def _score_folds(extracted: Extracted, folds: Sequence[Fold], settings: Settings) -> pd.DataFrame:
    """Return the held-out scores of folds that share their training rows, with what the articles are."""
    train = folds[0].train
    wordings = Wordings.learnt(extracted, train)
    weights = fit(extracted, train, wordings.columns(extracted, train), settings)
    found = []
    for fold in folds:
        frame = extracted.frame.iloc[fold.test]
        columns = wordings.columns(extracted, fold.test)
        found.append(
            pd.DataFrame(
                {
                    "row": fold.test,
                    "fold": fold.name,
                    "corpus": frame["corpus"].to_numpy(),
                    "family": frame["family"].to_numpy(),
                    "role": frame["role"].to_numpy(),
                    "label": extracted.labels[fold.test],
                    "score": weights.score(columns, extracted.dense[fold.test]),
                }
            )
        )
    joined: pd.DataFrame = pd.concat(found, ignore_index=True)
    return joined


def train_risk(
    config: TrainingConfig,
    detectors: Detectors,
    *,
    progress: Progress | None = None,
    screened: Screen | None = None,
) -> TrainedRisk:
    """Return the risk model trained as `config` says, calibrated on held-out families.

    With fewer than three families the folds are groups of near duplicates and publishers instead.

    Raises
    ------
    InvalidCorpus
        When there is nothing to learn from.
    """
    from reportedly.evaluation.metrics import (  # noqa: PLC0415 - evaluation imports training
        apart,
        summary,
    )

    frame = load_articles(config, screened)
    extracted = extract(frame, detectors, cache=config.cache, jobs=config.jobs, progress=progress)
    rows = trainable(extracted)
    folds = family_folds(frame, rows, apart=True)
    if len(folds) < 3:
        folds = group_folds(frame, rows, config.folds, config.settings.seed)
    heldout = heldout_scores(extracted, folds, config.settings, jobs=config.jobs, progress=progress)
    calibration = calibrate(heldout)
    model = on_one_thread(assemble, extracted, rows, calibration, config.settings)
    return TrainedRisk(model, frame, heldout, {**summary(heldout), "apart": apart(heldout)})


def assemble(
    extracted: Extracted, rows: Ints, calibration: Calibration, settings: Settings
) -> RiskModel:
    """Return the model fitted on all `rows`, with its limits, satire gate and reference percentiles."""
    wordings = Wordings.learnt(extracted, rows)
    columns = wordings.columns(extracted, rows)
    weights = fit(extracted, rows, columns, settings)
    labels = extracted.labels[rows]
    reliable = rows[labels == 0]
    satire, edge = _satire_gate(extracted, rows, wordings.texts, columns.texts)
    return RiskModel(
        vocabulary=wordings.texts,
        word_weights=weights.words,
        headlines=wordings.headlines,
        headline_weights=weights.headlines,
        satire_weights=satire,
        means=weights.means,
        scales=weights.scales,
        weights=weights.dense,
        intercept=weights.intercept,
        calibration=calibration,
        limits=replace(_limits(extracted, rows, wordings.texts, weights), satire=edge),
        reference=reference_percentiles(extracted.signals[reliable], extracted.sentences[reliable]),
        reference_lengths=np.array(LENGTH_BANDS),
        unverified_share=weights.unverified_share,
    )


SATIRE = "satire"
"""What an article's ``label_original`` begins with where it is satire."""
_LEAST_SATIRE = 50
_SATIRE_PASSED = 0.995
"""Share of reliable articles that the satire gate lets through."""
_SATIRE_STRENGTH = 3.0


def _satire_gate(
    extracted: Extracted, rows: Ints, vocabulary: Vocabulary, columns: sparse.csr_matrix
) -> tuple[npt.NDArray[np.float32], float]:
    """Return weights that tell satire from the articles in `rows`, and the score beyond which the risk is silent.

    Empty weights where there are few satires. The edge is set on scores of publishers that the weights they were
    scored by did not see.
    """
    frame = extracted.frame
    if "label_original" not in frame:
        return np.zeros(0, np.float32), 1e9
    found = frame["label_original"].astype(str).str.startswith(SATIRE) & frame["label"].isna()
    satires = np.flatnonzero(found.to_numpy())
    if len(satires) < _LEAST_SATIRE:
        return np.zeros(0, np.float32), 1e9
    every = sparse.vstack([vocabulary.matrix(extracted.words(satires)), columns], format="csr")
    both = np.concatenate([satires, rows])
    labels = (np.arange(len(both)) < len(satires)).astype(np.float64)
    source = frame["source"].to_numpy()[both]
    groups = [
        str(s) or f"\t{g}" for s, g in zip(source, frame["group"].to_numpy()[both], strict=True)
    ]
    weights = article_weights(labels, frame["corpus"].to_numpy()[both].tolist())
    weights *= np.where(
        labels == 1, 0.5 * weights[labels == 0].sum() / weights[labels == 1].sum(), 1
    )
    scores = np.zeros(len(both))
    for train, test in GroupKFold(5).split(both, labels, groups):
        slopes, _ = fit_logistic(every[train], labels[train], weights[train], _SATIRE_STRENGTH)
        scores[test] = every[test] @ slopes
    slopes, _ = fit_logistic(every, labels, weights, _SATIRE_STRENGTH)
    reliable = np.append(np.zeros(len(satires), np.bool_), extracted.labels[rows] == 0)
    return slopes.astype(np.float32), float(np.quantile(scores[reliable], _SATIRE_PASSED))


LEAST_RARE = 0.12
"""Share of unknown words that no training makes too much: news has .02, recipes .13, other languages from .5."""


def _limits(extracted: Extracted, rows: Ints, vocabulary: Vocabulary, weights: Weights) -> Limits:
    """Return the edges that all but 1 in 200 of the training articles keep within, 1 in 1,000 for rare words."""
    standard = (extracted.dense[rows] - weights.means) / weights.scales
    distance = np.mean(np.minimum(standard**2, 100.0), axis=1)
    rare = [
        float(np.mean(vocabulary.numbers(words)[0] == RARE)) if words else 0.0
        for words in extracted.words(rows)
    ]
    return Limits(
        rare_share=max(LEAST_RARE, float(np.quantile(rare, 0.999))),
        distance=max(3.0, float(np.quantile(distance, 0.995))),
    )


def reference_percentiles(signals: Floats, sentences: Floats) -> Floats:
    """Return the percentiles of signals among reference articles, shape (signals, bands of length, 101).

    A band with fewer than 20 articles has those of all lengths.
    """
    bands = np.searchsorted(np.array(LENGTH_BANDS), sentences, side="right")
    grid = np.linspace(0, 1, 101)
    found = np.zeros((signals.shape[1], len(LENGTH_BANDS) + 1, 101))
    for band in range(found.shape[1]):
        chosen = signals[bands == band] if (bands == band).sum() >= 20 else signals
        found[:, band] = np.quantile(chosen, grid, axis=0).T
    return found


def with_settings(config: TrainingConfig, **changes: Any) -> TrainingConfig:  # noqa: ANN401
    """Return `config` with other settings of the learners."""
    return replace(config, settings=replace(config.settings, **changes))
