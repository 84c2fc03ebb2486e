"""Training with PyTorch: the CRF's likelihood, and equal scores in the NumPy model that ships."""

from itertools import pairwise, product

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from reportedly.annotation.reader.learning import words as nt  # noqa: E402 - needs PyTorch
from reportedly.annotation.tokens.vocabulary import token_ids  # noqa: E402

FORMS = ("The", "Mayor", "said", "taxes", "rose", "in", "3,000", "towns", ".") * 12
KNOWN = nt.Words(
    ["said", "alleged"],
    np.random.default_rng(3).normal(size=(2, 5)).astype(np.float32),
    {"said": (2,), "rose": (1,)},
    (3,),
)
SMALL = nt.NetworkSettings(width=8, dilations=(1, 2))


def document(forms=FORMS, weight=1.0):
    """Return a document with random labels."""
    rng = np.random.default_rng(4)
    columns = rng.integers(0, 4, (len(forms), 3))
    ranges = [(i, min(i + 9, len(forms))) for i in range(0, len(forms), 9)]
    return nt.Labelled(forms, columns, ranges, rng.integers(0, 4, len(forms)), weight)


def test_likelihood_is_that_of_all_paths():
    """The recursion equals the sum over every path of every sequence, with weights."""
    rng = np.random.default_rng(0)
    scores = torch.tensor(rng.normal(size=(7, 3)))
    links = torch.tensor(rng.normal(size=(3, 3)))
    labels = torch.tensor([0, 1, 2, 2, 1, 0, 0])
    weights = torch.tensor([2.0, 1.0])
    batch = nt.Batch(*[torch.zeros(0)] * 5, labels, np.array([2, 0]), np.array([4, 2]), weights)

    def worth(first, path):
        steps = sum(scores[first + i, label] for i, label in enumerate(path))
        return steps + sum(links[a, b] for a, b in pairwise(path))

    expected = 0.0
    for first, length, weight in ((2, 4, 2.0), (0, 2, 1.0)):
        every = torch.stack([worth(first, p) for p in product(range(3), repeat=length)])
        right = worth(first, labels[first : first + length].tolist())
        expected += weight * float(torch.logsumexp(every, 0) - right)
    assert float(nt.likelihood(scores, links, batch)) == pytest.approx(expected, rel=1e-5)


def test_the_shipped_form_computes_what_was_trained():
    """NumPy's scores and states equal PyTorch's, for known and unknown words, short and long texts."""
    torch.manual_seed(0)
    inventory = nt.take_inventory([document()], KNOWN)
    weights = nt.initial(inventory, SMALL, 4)
    ready = nt.fused("OSCK", inventory, weights, SMALL)
    mixed = (*FORMS[:20], "alleged", "unheard-of", "Said", *FORMS[23:])
    for words in (FORMS, mixed, FORMS[:1], FORMS * 30):
        one = document(words)
        batch = nt.lay_out([one], inventory)
        _, last = nt.states(weights, batch, SMALL, inventory, dropping=False)
        expected = (nt.scores(weights, last), last)
        _, *found = zip(*ready.read(token_ids(words), one.columns), strict=True)
        for ours, theirs in zip(found, expected, strict=True):
            assert np.allclose(np.concatenate(ours), theirs[: len(words)].numpy(), atol=1e-4)
