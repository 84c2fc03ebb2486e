"""The risk as one scikit-learn object: articles in, calibrated probabilities out.

:func:`risk_pipeline` is what ``train.py`` fits, ``Assessor(...).pipeline`` returns and ``reportedly model export``
writes. The text steps are thin: their computations are functions that scoring calls as well
(:mod:`reportedly.risk.classifier`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.utils.validation import check_is_fitted

from reportedly.annotation.attribution.model import AttributionModel
from reportedly.annotation.claims.read import ClaimReader
from reportedly.annotation.hedging.detect import HedgeModel
from reportedly.annotation.pipeline import Detectors, annotate_each
from reportedly.annotation.sources.from_reading.model import LedgerModel
from reportedly.datamodel import Annotated, Document, Segmented
from reportedly.datamodel.arrays import Bools, Floats
from reportedly.reading import read_text
from reportedly.reading.disguises import as_it_looks
from reportedly.reading.furniture import find_furniture
from reportedly.reading.segmentation import segment
from reportedly.risk.estimators import CrossCorpusClassifier, FamilyCalibrated, HeldScaler, OneLine
from reportedly.risk.names import forms_of, named_text
from reportedly.risk.ngrams import (
    OPENING_WORDS,
    PART_COLUMNS,
    NgramVocabulary,
    headline_matrix,
    known_words,
    learn_vocabulary,
    with_columns,
)
from reportedly.risk.records import ArticleRecord
from reportedly.risk.signal_features import (
    documented,
    signal_features,
    signal_row,
    unverified_forms,
)
from reportedly.risk.style_features import Feature, style_features, style_row

ArticleLike = str | Document | Segmented | Annotated | ArticleRecord
"""An article as the text steps accept it."""
_WANTED = "a sequence of texts, Documents or annotated articles"

_DETECTORS = {
    "attribution": AttributionModel,
    "hedging": HedgeModel,
    "claims": ClaimReader,
    "sources": LedgerModel,
}


def risk_pipeline(
    detectors: Detectors | None = None,
    *,
    seed: int = 0,
    **calibration: Any,  # noqa: ANN401 - of many types
) -> FamilyCalibrated:
    """Return the untrained risk pipeline for articles; `calibration` are parameters of :class:`FamilyCalibrated`.

    `detectors` annotate the articles; they are not needed if the articles are already annotated.
    """
    signals, style = (
        Pipeline([("measure", step), ("scale", HeldScaler())])
        for step in (SignalFeatures(), StyleFeatures())
    )
    features = FeatureUnion(
        [
            ("words", NgramFeatures()),
            ("headline", HeadlineFeatures()),
            ("opening", OpeningFeatures()),
            ("signals", signals),
            ("style", style),
        ]
    )
    classifier = CrossCorpusClassifier(
        headline=PART_COLUMNS,
        opening=PART_COLUMNS,
        directions=tuple(f.direction for f in documented()),
        random_state=seed,
    )
    steps = [
        ("annotate", Annotator(detectors)),
        ("features", features),
        ("classifier", classifier),
    ]
    return FamilyCalibrated(Pipeline(steps), seed=seed, **calibration)


class TextStep(OneLine, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """The base of the text steps: they take a sequence of articles; for other input the error says what to pass."""

    def fit(self, X: Iterable[ArticleLike], y: object = None) -> Self:  # noqa: ARG002, N803
        """Check `X`, and fit the step on it."""
        self._learn(articles_of(X))
        return self

    def _learn(self, articles: list[ArticleLike]) -> None:
        """Fit the step on checked articles."""
        raise NotImplementedError

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


class Annotator(TextStep):
    """Articles -> the same articles annotated by the detectors, shape (articles,).

    Annotated articles and their records pass unchanged.

    Parameters
    ----------
    detectors
        The trained detectors of a bundle.
    """

    def __init__(self, detectors: Detectors | None = None) -> None:
        self.detectors = detectors

    def _learn(self, articles: list[ArticleLike]) -> None:
        del articles
        self.fitted_ = True

    def transform(self, X: Iterable[ArticleLike]) -> npt.NDArray[Any]:  # noqa: N803
        """Return an array of :class:`Annotated`."""
        check_is_fitted(self)
        found = np.empty(len(articles := articles_of(X)), dtype=object)
        for number, annotated in enumerate(annotated_each(articles, self.detectors)):
            found[number] = annotated
        return found

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[Any]:  # noqa: ARG002
        """Return the name of the only column."""
        return np.array(["article"], dtype=object)

    def set_output(self, *, transform: str | None = None) -> Self:
        """Do nothing: this step returns articles, which do not fit into a table of numbers."""
        del transform
        return self

    def __sklearn_clone__(self) -> Annotator:
        """Return an unfitted step that shares the detectors: they never change, and a copy would take 30 MB."""
        return Annotator(self.detectors)

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        parts = {name: getattr(self.detectors, name, None) for name in _DETECTORS}
        arrays = {name: part.to_arrays() for name, part in parts.items() if part is not None}
        return {**state, "detectors": arrays}

    def __setstate__(self, state: dict[str, Any]) -> None:
        arrays = state["detectors"]
        parts = {n: _DETECTORS[n].from_arrays(a) for n, a in arrays.items()}  # type: ignore[attr-defined]
        super().__setstate__({**state, "detectors": Detectors(**parts) if parts else None})


class _Measured(TextStep):
    """The base of the steps with documented features."""

    def _learn(self, articles: list[ArticleLike]) -> None:
        del articles
        self.features_ = np.array([feature.name for feature in self._features()])

    def _features(self) -> Sequence[Feature]:
        """Return the columns, in order."""
        raise NotImplementedError

    def _rows(self, articles: list[ArticleLike]) -> Iterator[Floats]:
        """Yield the row of each article."""
        raise NotImplementedError

    def transform(self, X: Iterable[ArticleLike]) -> Floats:  # noqa: N803
        """Return one row per article."""
        check_is_fitted(self)
        rows = list(self._rows(articles_of(X)))
        return np.array(rows).reshape(len(rows), len(self.features_))

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[Any]:  # noqa: ARG002
        """Return the names of the columns."""
        return np.array([feature.name for feature in self._features()], dtype=object)


class StyleFeatures(_Measured):
    """Articles -> features of style, shape (articles, features)."""

    def _features(self) -> Sequence[Feature]:
        return style_features()

    def _rows(self, articles: list[ArticleLike]) -> Iterator[Floats]:
        for x in articles:
            yield x.style if isinstance(x, ArticleRecord) else style_row(_segmented(x))


class SignalFeatures(_Measured):
    """Articles -> features of signals and ledger, shape (articles, features).

    Parameters
    ----------
    detectors
        The trained detectors that annotate an article; not needed if the articles are already annotated.
    """

    def __init__(self, detectors: Detectors | None = None) -> None:
        self.detectors = detectors

    def _features(self) -> Sequence[Feature]:
        return signal_features()

    def _rows(self, articles: list[ArticleLike]) -> Iterator[Floats]:
        for x in annotated_each(articles, self.detectors):
            yield x.signals if isinstance(x, ArticleRecord) else signal_row(x)


class _Ngrams(TextStep):
    """The base of the steps whose columns are words and pairs of words; a vocabulary holds hashes and no text."""

    words_: npt.NDArray[np.uint32]
    keys_: npt.NDArray[np.uint32]
    idf_: Floats

    def _keep(self, vocabulary: NgramVocabulary) -> None:
        """Store a vocabulary's arrays as fitted attributes."""
        self.words_, self.keys_, self.idf_ = vocabulary.words, vocabulary.keys, vocabulary.idf
        self._vocabulary = vocabulary

    @property
    def vocabulary(self) -> NgramVocabulary:
        """The learnt words and columns."""
        check_is_fitted(self)
        kept: NgramVocabulary | None = getattr(self, "_vocabulary", None)
        if kept is None or kept.keys is not self.keys_:
            self._keep(NgramVocabulary(self.words_, self.keys_, self.idf_))
        return self._vocabulary

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        return {name: value for name, value in state.items() if name != "_vocabulary"}


class NgramFeatures(_Ngrams):
    """Articles -> sparse columns of words and pairs without names, shape (articles, 2 * columns).

    The second half repeats the entries that occur only in unverified claims; an article that is not annotated has
    no claims.

    Parameters
    ----------
    least_texts
        The number of texts in which a word or pair must occur to be a column.
    """

    def __init__(self, least_texts: int = 8) -> None:
        self.least_texts = least_texts

    def _learn(self, articles: list[ArticleLike]) -> None:
        texts = [_words(article)[0] for article in articles]
        self._keep(learn_vocabulary(texts, least_texts=self.least_texts))

    def transform(self, X: Iterable[ArticleLike]) -> sparse.csr_matrix:  # noqa: N803
        """Return one sparse row an article."""
        return self.vocabulary.matrix_with_unverified(map(_words, articles_of(X)))

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[Any]:  # noqa: ARG002
        """Return the names of the columns: hashes."""
        names = [f"{key:08x}" for key in self.vocabulary.keys]
        both = [f"{block}_{name}" for block in ("word", "unverified") for name in names]
        return np.array(both, dtype=object)


class _PartOfText(_Ngrams):
    """Articles -> sparse columns of words and pairs of one part of the article, shape (articles, n_features).

    Which words are names is learnt from the whole texts.

    Parameters
    ----------
    least_texts
        The number of articles in whose part a word or pair must occur to be a column.
    n_features
        Number of columns: the most frequent words and pairs, then empty ones.
    """

    part: str

    def __init__(self, least_texts: int = 5, n_features: int = PART_COLUMNS) -> None:
        self.least_texts = least_texts
        self.n_features = n_features

    def _learn(self, articles: list[ArticleLike]) -> None:
        words = known_words([_words(article)[0] for article in articles])
        parts = [forms for forms in map(self._forms, articles) if forms]
        self._keep(with_columns(words, parts, self.least_texts, self.n_features))

    def _forms(self, article: ArticleLike) -> list[str]:
        """Return the words of the part; none if the article has no such part."""
        raise NotImplementedError

    def transform(self, X: Iterable[ArticleLike]) -> sparse.csr_matrix:  # noqa: N803
        """Return one sparse row an article; an empty one where it lacks the part."""
        return self.vocabulary.matrix(map(self._forms, articles_of(X)), self.n_features)

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[Any]:  # noqa: ARG002
        """Return the names of the columns: hashes, or numbers for empty columns."""
        names = [f"{self.part}_{key:08x}" for key in self.vocabulary.keys]
        empty = [f"{self.part}_empty{number}" for number in range(self.n_features - len(names))]
        return np.array(names + empty, dtype=object)


class HeadlineFeatures(_PartOfText):
    """Articles -> words and pairs of the headline; the row of a short headline is shorter."""

    part = "headline"

    def _forms(self, article: ArticleLike) -> list[str]:
        return _headline(article)

    def transform(self, X: Iterable[ArticleLike]) -> sparse.csr_matrix:  # noqa: N803
        """Return one sparse row per article, empty if it has no headline."""
        return headline_matrix(self.vocabulary, map(self._forms, articles_of(X)), self.n_features)


class OpeningFeatures(_PartOfText):
    """Articles -> words and pairs of the first ``OPENING_WORDS`` tokens."""

    part = "opening"

    def _forms(self, article: ArticleLike) -> list[str]:
        return _words(article)[0][:OPENING_WORDS]


def articles_of(articles: Iterable[ArticleLike]) -> list[ArticleLike]:
    """Return the articles as a list.

    Raises
    ------
    TypeError
        When something else is given; the message says what to pass.
    """
    kind = type(articles).__name__
    if isinstance(articles, ArticleLike):
        raise TypeError(
            f"got one article ({kind}), expected a sequence of articles: put it in a list"
        )
    if hasattr(articles, "columns") or getattr(articles, "ndim", 1) != 1:
        raise TypeError(
            f"got a {kind} of rows and columns, expected {_WANTED}: pass its column of texts"
        )
    if isinstance(articles, bytes | Mapping) or not isinstance(articles, Iterable):
        raise TypeError(f"got {_told(articles)}, expected {_WANTED}")
    listed = list(articles)
    for place, article in enumerate(listed):
        if not isinstance(article, ArticleLike):
            raise TypeError(
                f"got {_told(article)} at place {place}, expected {_WANTED}: leave out the rows without a text"
            )
    return listed


def _told(value: object) -> str:
    """Return a value for an error message: its type, and the value if it is short."""
    return "None" if value is None else f"{type(value).__name__} {str(value)[:30]!r}"


def _words(article: ArticleLike) -> tuple[list[str], Bools]:
    """Return the scored words of an article, and which of them are unverified."""
    if isinstance(article, ArticleRecord):
        return article.words, article.unverified
    forms = forms_of(named_text(_segmented(article))[1])
    if isinstance(article, Annotated):
        return forms, unverified_forms(article)
    return forms, np.zeros(len(forms), np.bool_)


def _headline(article: ArticleLike) -> list[str]:
    """Return the words of an article's headline."""
    if isinstance(article, ArticleRecord):
        return article.headline
    return forms_of(named_text(_segmented(article))[0])


def _segmented(article: str | Document | Segmented | Annotated) -> Segmented:
    """Return an article segmented into its parts."""
    if isinstance(article, Annotated):
        return article.segmented
    if isinstance(article, Segmented):
        return article
    return segment(_document(article), find_furniture)


def _document(article: str | Document | Segmented) -> Document:
    """Return an article as the document that is scored: its text as it looks."""
    if isinstance(article, Segmented):
        article = article.document
    return as_it_looks(article if isinstance(article, Document) else read_text(article))


def annotated_each(
    articles: Sequence[ArticleLike], detectors: Detectors | None
) -> Iterator[Annotated | ArticleRecord]:
    """Yield each article annotated by the detectors; records of articles pass unchanged."""
    ready = (Annotated, ArticleRecord)
    wanting = [_document(x) for x in articles if not isinstance(x, ready)]
    if wanting and detectors is None:
        raise TypeError(
            "got an article that is not annotated: give detectors=..., those of a bundle"
        )
    found = annotate_each(wanting, detectors) if detectors is not None else iter(())
    for article in articles:
        yield article if isinstance(article, ready) else next(found)
