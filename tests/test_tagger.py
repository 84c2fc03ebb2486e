"""Spelling, and the best path: every sequence gets the path that trying them all would give."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportedly import network
from reportedly.tagger import normal, shape, viterbi


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 5), max_size=6), st.integers(0, 2**32 - 1))
def test_the_path_is_the_best_of_all(lengths, seed):
    """Viterbi over many sequences at once equals the best of all paths of each."""
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


def test_the_shipped_form_computes_what_was_trained():
    """Fused rows per word give the scores of the training pass, for words seen and unseen."""
    rng = np.random.default_rng(3)
    forms = ["The", "Mayor", "said", "taxes", "rose", "in", "3,000", "towns", "."] * 12
    columns = rng.integers(0, 4, (len(forms), 3))
    ranges = [(i, i + 9) for i in range(0, len(forms), 9)]
    labels = rng.integers(0, 4, len(forms))
    known = network.Words(
        ["said", "alleged"],
        rng.normal(size=(2, 5)).astype(np.float32),
        {"said": (2,), "rose": (1,)},
        (3,),
    )
    still = network.Settings(
        width=8, dilations=(1, 2), dropout=0, input_dropout=0, vector_dropout=0, word_dropout=0
    )
    document = network.Labelled(forms, columns, ranges, labels)
    inventory = network._take_inventory([document], known)
    sizes = columns.max(axis=0) + 1
    vectors = np.concatenate([np.zeros((1, 5), np.float32), known.vectors])
    weights = network._initial(rng, still, 5, inventory.size, int(sizes.sum()), 4)
    ready = network._fused("OSCK", inventory, known, vectors, weights, sizes, still)
    mixed = [*forms[:20], "alleged", "unheard-of", "Said", *forms[23:]]
    for words in (forms, mixed):
        document = network.Labelled(words, columns, ranges, labels)
        batch = network._batch([document], inventory, sizes, {})
        expected, _ = network._forward(weights, batch, vectors, inventory, still, rng)
        found = ready.scores(ready.types(words), columns)
        assert np.allclose(found, expected[: len(words)], atol=1e-4)


def test_no_sequence_no_path():
    """Tokens in no sequence get label 0."""
    assert viterbi(np.ones((2, 3), np.float32), np.zeros((3, 3), np.float32), []).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("form", "spelling", "outline"),
    [("Smith", "smith", "Xxx"), ("3,000", "0,000", "0,00"), ("“", '"', '"'), ("USA", "usa", "XX")],
)
def test_spelling(form, spelling, outline):
    """Case, digits and curls are levelled; the outline keeps case and kinds of characters."""
    assert (normal(form), shape(form)) == (spelling, outline)
