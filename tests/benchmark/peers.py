"""The tools that reportedly is compared with: the first steps of common stacks, each as a function of texts."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

Run = Callable[[Sequence[str]], Any]


def spacy_blank(texts: Sequence[str]) -> Run:
    """Return spaCy's blank English tokeniser with the rule-based sentence splitter."""
    del texts
    spacy = importlib.import_module("spacy")
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.max_length = 10_000_000

    def run(texts: Sequence[str]) -> None:
        for document in nlp.pipe(texts):
            len(document)

    return run


def tfidf_regression(texts: Sequence[str]) -> Run:
    """Return TF-IDF of words and word pairs with logistic regression, fitted to made-up labels."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415

    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(max_iter=200)
    )
    pipeline.fit(texts, [n % 2 for n in range(len(texts))])
    predict: Run = pipeline.predict_proba
    return predict


def textstat(texts: Sequence[str]) -> Run:
    """Return four readability measures of textstat, those that need no dictionary of syllables.

    The others make NLTK download one, which a benchmark must not do; they are slower.
    """
    del texts
    module = importlib.import_module("textstat")
    names = ("automated_readability_index", "coleman_liau_index", "lix", "rix")
    measures = [getattr(module, name) for name in names]
    return lambda texts: [[measure(text) for measure in measures] for text in texts]


def vader(texts: Sequence[str]) -> Run:
    """Return VADER's sentiment of the whole text."""
    del texts
    module = importlib.import_module("vaderSentiment.vaderSentiment")
    analyser = module.SentimentIntensityAnalyzer()
    return lambda texts: [analyser.polarity_scores(text) for text in texts]


def nela(texts: Sequence[str]) -> Run:
    """Return all NELA features."""
    del texts
    extractor = importlib.import_module("nela_features.nela_features").NELAFeatureExtractor()
    return lambda texts: [extractor.extract_all(text) for text in texts]


PEERS: dict[str, tuple[str, Callable[[Sequence[str]], Run]]] = {
    "spaCy blank + sentencizer": ("spacy", spacy_blank),
    "TF-IDF + logistic regression": ("scikit-learn", tfidf_regression),
    "textstat, 4 measures": ("textstat", textstat),
    "VADER": ("vaderSentiment", vader),
    "NELA features": ("nela_features", nela),
}
"""Name -> (package, function that makes the contestant)."""


def installed() -> dict[str, str]:
    """Return the peers that are installed, with their packages' names and versions."""
    found = {}
    for name, (package, _) in PEERS.items():
        try:
            found[name] = f"{package} {version(package)}"
        except PackageNotFoundError:
            continue
    return found
