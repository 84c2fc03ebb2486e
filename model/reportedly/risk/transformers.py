"""The features as scikit-learn steps: articles in, numbers out.

A module of its own, so that scoring an article does not wait for scikit-learn to be imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from reportedly.annotation.pipeline import Detectors, annotate_each
from reportedly.datamodel import Annotated, Document, Segmented
from reportedly.datamodel.arrays import Floats
from reportedly.reading.disguises import as_it_looks
from reportedly.reading.furniture import find_furniture
from reportedly.reading.segmentation import segment
from reportedly.risk import style_features
from reportedly.risk.ngrams import NgramVocabulary, learn_vocabulary
from reportedly.risk.signal_features import scored_forms, signal_features, signal_row
from reportedly.risk.style_features import style_row

ArticleLike = str | Document | Segmented | Annotated
"""What the steps take, one an article."""


class TextStep(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """What the steps share: they take a sequence of articles and say so when they get one."""

    def fit(self, X: Iterable[ArticleLike], y: object = None) -> Self:  # noqa: ARG002, N803
        """Check `X`; there is nothing to learn."""
        articles_of(X)
        self.fitted_ = True
        return self

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


class StyleFeatures(TextStep):
    """Articles -> features of style, shape (articles, features); stateless."""

    def transform(self, X: Iterable[ArticleLike]) -> Floats:  # noqa: N803
        """Return one row an article."""
        check_is_fitted(self)
        rows = [style_row(_segmented(x)) for x in articles_of(X)]
        return np.array(rows).reshape(len(rows), len(style_features.style_features()))

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[Any]:  # noqa: ARG002
        """Return the names of the columns."""
        return np.array([f.name for f in style_features.style_features()], dtype=object)


class SignalFeatures(TextStep):
    """Articles -> features of signals and ledger, shape (articles, features).

    Parameters
    ----------
    detectors
        The trained detectors that annotate an article; not needed for articles that are annotated.
    """

    def __init__(self, detectors: Detectors | None = None) -> None:
        self.detectors = detectors

    def transform(self, X: Iterable[ArticleLike]) -> Floats:  # noqa: N803
        """Return one row an article."""
        check_is_fitted(self)
        rows = [signal_row(x) for x in annotated_each(articles_of(X), self.detectors)]
        return np.array(rows).reshape(len(rows), len(signal_features()))

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[Any]:  # noqa: ARG002
        """Return the names of the columns."""
        return np.array([f.name for f in signal_features()], dtype=object)


class WordingFeatures(TextStep):
    """Articles -> sparse columns of words and pairs without names, shape (articles, columns).

    Parameters
    ----------
    least_texts
        Texts that must have a word or pair before it is a column.
    """

    def __init__(self, least_texts: int = 8) -> None:
        self.least_texts = least_texts

    def fit(self, X: Iterable[ArticleLike], y: object = None) -> Self:  # noqa: ARG002, N803
        """Learn the vocabulary of `X`."""
        forms = [scored_forms(_segmented(x)) for x in articles_of(X)]
        self.vocabulary_: NgramVocabulary = learn_vocabulary(forms, least_texts=self.least_texts)
        return self

    def transform(self, X: Iterable[ArticleLike]) -> sparse.csr_matrix:  # noqa: N803
        """Return one sparse row an article."""
        check_is_fitted(self)
        return self.vocabulary_.matrix(scored_forms(_segmented(x)) for x in articles_of(X))

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[Any]:  # noqa: ARG002
        """Return the names of the columns: hashes, for a vocabulary holds no text."""
        check_is_fitted(self)
        return np.array([f"wording_{key:08x}" for key in self.vocabulary_.keys], dtype=object)


def articles_of(articles: Iterable[ArticleLike]) -> list[ArticleLike]:
    """Return the articles as a list.

    Raises
    ------
    TypeError
        When a lone string is given, which is a sequence of letters.
    """
    if isinstance(articles, str | Document | Segmented | Annotated):
        raise TypeError("got one article, wanted a sequence of articles: put it in a list")
    return list(articles)


def _segmented(article: ArticleLike) -> Segmented:
    """Return an article cut into parts."""
    if isinstance(article, Annotated):
        return article.segmented
    if isinstance(article, Segmented):
        return article
    return segment(_document(article), find_furniture)


def _document(article: str | Document | Segmented) -> Document:
    """Return an article as the document that is scored: its text as it looks."""
    if isinstance(article, Segmented):
        article = article.document
    return as_it_looks(article if isinstance(article, Document) else Document(str(article)))


def annotated_each(
    articles: Sequence[ArticleLike], detectors: Detectors | None
) -> Iterator[Annotated]:
    """Yield each article with everything that the detectors find in it."""
    wanting = [article for article in articles if not isinstance(article, Annotated)]
    if wanting and detectors is None:
        raise TypeError("got an article that is not annotated: give SignalFeatures(detectors=...)")
    if detectors is not None:
        found = annotate_each(map(_document, wanting), detectors)
    for article in articles:
        yield article if isinstance(article, Annotated) else next(found)
