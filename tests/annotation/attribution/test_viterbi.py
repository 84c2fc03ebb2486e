"""Spelling, and the Viterbi path: every sequence gets the best of all its paths."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportedly.annotation.attribution.viterbi import viterbi
from reportedly.annotation.tokens.spelling import normal, shape


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 5), max_size=6), st.integers(0, 2**32 - 1))
def test_the_path_is_the_best_of_all(lengths, seed):
    """Viterbi over many sequences at once equals the best path of each, found by trying all."""
    rng = np.random.default_rng(seed)
    edges = np.r_[0, np.cumsum(lengths)].astype(int).tolist()
    sequences = list(pairwise(edges))
    scores = rng.normal(size=(edges[-1], 3)).astype(np.float32)
    links = rng.normal(size=(3, 3)).astype(np.float32)
    found = viterbi(scores, links, sequences)
    for first, last in sequences:
        paths = product(range(3), repeat=last - first)

        def worth(path, first=first):
            steps = sum(scores[first + i, label] for i, label in enumerate(path))
            return steps + sum(links[a, b] for a, b in pairwise(path))

        assert worth(found[first:last]) == pytest.approx(max(map(worth, paths)), abs=1e-4)


def test_no_sequence_no_path():
    """Tokens outside all sequences get label 0."""
    assert viterbi(np.ones((2, 3), np.float32), np.zeros((3, 3), np.float32), []).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("form", "spelling", "outline"),
    [("Smith", "smith", "Xxx"), ("3,000", "0,000", "0,00"), ("“", '"', '"'), ("USA", "usa", "XX")],
)
def test_spelling(form, spelling, outline):
    """Case, digits and curly marks are normalised; the outline keeps case and kinds of characters."""
    assert (normal(form), shape(form)) == (spelling, outline)
