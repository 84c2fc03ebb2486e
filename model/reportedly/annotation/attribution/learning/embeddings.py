"""Word vectors from unlabelled text: positive pointwise mutual information, factorised.

Each word is described by its neighbours at distances 1 and 2, with each position separate, which groups
words by their grammatical use rather than by topic (Levy, Goldberg & Dagan 2015, Improving
distributional similarity with lessons learned from word embeddings, TACL).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from reportedly.annotation.tokens.spelling import normal
from reportedly.datamodel.arrays import Floats32
from reportedly.reading.segmentation import tokenise

if TYPE_CHECKING:
    from collections.abc import Iterable


_OFFSETS = (-2, -1, 1, 2)
_CONTEXTS = 5000
_LONGEST = 20_000
"""The most code points of a text that are read; beyond them are page furniture and transcripts."""


def word_vectors(
    texts: Iterable[str], *, words: int = 30_000, least: int = 8, depth: int = 100, seed: int = 0
) -> tuple[list[str], Floats32]:
    """Return the most frequent words, as :func:`reportedly.annotation.tokens.spelling.normal` spells them, and their vectors.

    Parameters
    ----------
    texts
        Running text.
    words, least
        The most words, and the least number of occurrences of each.
    depth
        Length of a vector.
    seed
        Seed of the randomised factorisation.

    Returns
    -------
    words, vectors
        Vectors are ``(words, depth)`` of length 3: about 0.3 per coordinate.
    """
    memory: dict[str, str] = {}
    documents = []
    for text in texts:
        forms = tokenise(text[:_LONGEST]).forms
        documents.append([memory.setdefault(form, "") or _keep(memory, form) for form in forms])
    counts = Counter(word for document in documents for word in document)
    vocabulary = [word for word, count in counts.most_common(words) if count >= least]
    place = {word: i for i, word in enumerate(vocabulary)}
    stream = np.concatenate(
        [np.array([*(place.get(word, -1) for word in d), -1, -1], np.int64) for d in documents]
    )
    information = _information(stream, len(vocabulary))
    depth = min(depth, len(vocabulary) - 1)
    left, strength, _ = randomized_svd(information, depth, random_state=seed, n_iter=4)
    vectors = (left * np.sqrt(strength)).astype(np.float32)
    vectors *= 3 / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    return vocabulary, vectors


def _keep(memory: dict[str, str], form: str) -> str:
    """Return the spelling of `form` and remember it."""
    word = memory[form] = normal(form)
    return word


def _information(stream: NDArray[np.int64], words: int) -> sparse.csr_matrix:
    """Return the positive pointwise mutual information of words and their contexts.

    `stream` has word ids in the order of the text, -1 for none; contexts are the most frequent words by offset.
    """
    blocks = []
    for offset in _OFFSETS:
        word = stream[max(0, -offset) : len(stream) - max(0, offset)]
        context = stream[max(0, offset) : len(stream) - max(0, -offset)]
        both = (word >= 0) & (context >= 0) & (context < _CONTEXTS)
        ones = np.ones(int(both.sum()))
        blocks.append(
            sparse.coo_matrix((ones, (word[both], context[both])), shape=(words, _CONTEXTS)).tocsr()
        )
    together = sparse.hstack(blocks).tocsr()
    together.sum_duplicates()
    by_word = np.asarray(together.sum(axis=1)).ravel()
    # contexts are smoothed by the power .75, so that rare ones do not dominate (Levy et al. 2015)
    by_context = np.asarray(together.sum(axis=0)).ravel() ** 0.75
    by_context /= by_context.sum()
    cells = together.tocoo()
    information = np.log(cells.data / (by_word[cells.row] * by_context[cells.col]))
    kept = information > 0
    return sparse.csr_matrix(
        (information[kept], (cells.row[kept], cells.col[kept])), shape=together.shape
    )
