"""The numpy tagger gives CRFsuite's tags, whatever the features."""

from itertools import pairwise

import numpy as np
import pytest

from reportedly import tagger as tagging
from reportedly.errors import InvalidBundle, InvalidRequest

pycrfsuite = pytest.importorskip("pycrfsuite")

WORDS = [
    "the",
    "Minister",
    "said",
    "“",
    "”",
    "taxes",
    "rose",
    "in",
    "3,000",
    "towns",
    ".",
    "O’Hara",
]
SPEC = tagging.FeatureSpec(
    attributes={
        "word": (-2, -1, 0, 1),
        "shape": (-1, 0),
        "suffix3": (0,),
        "verb": (0, 1),
        "suffix1": (),
    },
    templates=(
        (("place", 0),),
        (("place", 0), ("shape", 1)),
        (("verb", -1), ("suffix1", 3), ("word", 0)),
    ),
    lists={"verb": {"said": "say", "rose": "move"}},
    minimum={"word": 2},
)


def make_examples(number: int, seed: int) -> list[tagging.Example]:
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(number):
        size = int(rng.integers(1, 40))
        forms = [WORDS[i] for i in rng.integers(0, len(WORDS), size)]
        cuts = sorted({0, size, *rng.integers(0, size + 1, 3).tolist()})
        labels = [
            {"said": "C", "Minister": "S"}.get(f, "K" if i and forms[i - 1] == "said" else "O")
            for i, f in enumerate(forms)
        ]
        made.append(
            tagging.Example(
                forms,
                {"place": np.arange(size) % 5},
                list(pairwise(cuts)),
                labels,
            )
        )
    return made


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    path = tmp_path_factory.mktemp("crf") / "model.crfsuite"
    examples = make_examples(40, seed=1)
    return tagging.train(examples, SPEC, iterations=25, c2=0.1, keep_model=path), path, examples


def test_tags_equal_the_reference(trained):
    """On seen and unseen documents, every tag is the one that python-crfsuite gives."""
    tagger, path, examples = trained
    reference = pycrfsuite.Tagger()
    reference.open(str(path))
    vocabularies = tagging._vocabularies(examples, SPEC)
    radices = tagging._radices(examples, SPEC, vocabularies)
    for example in examples + make_examples(60, seed=2):
        items = tagging.feature_strings(example.forms, example.columns, SPEC, vocabularies, radices)
        ours = tagger.tag(example.forms, example.columns, example.sequences)
        for first, last in example.sequences:
            expected = reference.tag(items[first:last])
            assert [tagger.labels[i] for i in ours[first:last]] == expected


def test_marginals_equal_the_reference(trained):
    """Forward-backward gives CRFsuite's marginal probabilities."""
    tagger, path, examples = trained
    reference = pycrfsuite.Tagger()
    reference.open(str(path))
    vocabularies = tagging._vocabularies(examples, SPEC)
    radices = tagging._radices(examples, SPEC, vocabularies)
    for example in examples[:10]:
        items = tagging.feature_strings(example.forms, example.columns, SPEC, vocabularies, radices)
        scores = tagger.emissions(example.forms, example.columns)
        ours = tagging.marginals(scores, tagger.transitions, example.sequences)
        for first, last in example.sequences:
            reference.set(items[first:last])
            for at in range(first, last):
                for i, label in enumerate(tagger.labels):
                    assert ours[at, i] == pytest.approx(
                        reference.marginal(label, at - first), abs=1e-4
                    )


def test_arrays_bring_the_tagger_back(trained):
    """A tagger read back from its arrays tags as it did, but for the rounding of weights."""
    tagger, _, examples = trained
    again = tagging.Tagger.from_arrays(tagger.to_arrays())
    for example in examples:
        scores = tagger.emissions(example.forms, example.columns)
        assert np.allclose(scores, again.emissions(example.forms, example.columns), atol=0.02)


def test_an_empty_document_has_no_tags(trained):
    """No tokens, no tags, no error."""
    tagger, _, _ = trained
    assert len(tagger.tag([], {"place": np.zeros(0, np.int64)}, [])) == 0


def test_bias_moves_the_choice(trained):
    """A large bias on a label makes it the only answer."""
    tagger, _, examples = trained
    example = examples[0]
    tags = tagger.with_bias({"S": 1e4}).tag(example.forms, example.columns, example.sequences)
    assert {tagger.labels[i] for i in tags} == {"S"}


def test_a_missing_column_is_named(trained):
    """A document that lacks a column gets an error that names it."""
    tagger, _, _ = trained
    with pytest.raises(InvalidRequest, match="place"):
        tagger.tag(["said"], {}, [(0, 1)])


def test_damaged_arrays_are_refused(trained):
    """A tagger with an array missing is refused, not half loaded."""
    arrays = trained[0].to_arrays()
    del arrays["transitions"]
    with pytest.raises(InvalidBundle):
        tagging.Tagger.from_arrays(arrays)


def test_unseen_column_values_are_unknown(trained):
    """A column value beyond training's range counts as unknown instead of failing."""
    tagger, _, _ = trained
    assert len(tagger.tag(["said"], {"place": np.array([99])}, [(0, 1)])) == 1
