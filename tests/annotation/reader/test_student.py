"""The student: the same answers alone and in a batch, restored from arrays, and in PyTorch."""

from itertools import pairwise

import numpy as np
import pytest

from reportedly.annotation.reader import student as st
from reportedly.annotation.reader.labels import NINE_SUPPORTS, TAGS, YES_NO
from reportedly.annotation.reader.reading import BY_SENTENCE, BY_TOKEN
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.network import Network
from reportedly.annotation.tokens.token_features import TOKEN_FEATURES
from reportedly.datamodel import Document
from reportedly.errors import InvalidBundle
from reportedly.reading.segmentation import segment

TEXTS = (
    "The mayor said the weir may fail. “It leaks,” she said.\n\nAn official denied it.",
    "Nobody spoke.",
    "Prices rose. " * 40 + "A union official said so.",
)


def rows(rng, *shape):
    return (rng.normal(size=shape) * 0.3).astype(np.float32)


@pytest.fixture(scope="module")
def student():
    """Return a student with random weights."""
    rng = np.random.default_rng(0)
    width, wide, near, columns = 8, 6, 3, 4 * len(TOKEN_FEATURES)
    parameters = {
        "C": rows(rng, columns, width), "W0": rows(rng, 3 * width, width), "b0": rows(rng, width),
        "W1": rows(rng, 3 * width, width), "b1": rows(rng, width), "Wo": rows(rng, 3 * width, st.TOKEN_SCORES),
        "bo": rows(rng, st.TOKEN_SCORES), "T": rows(rng, len(TAGS), len(TAGS)),
    }  # fmt: skip
    words = ["said", "mayor", "official", "may"]
    network = Network(
        st.token_names(), words, rows(rng, 4, width), np.zeros((4, 5), np.uint8), {},
        (["x"], rows(rng, 2, width)), [4] * len(TOKEN_FEATURES), parameters, (1, 2),
    )  # fmt: skip
    sizes = {
        "A": (2 * width, wide), "Ac": (st.SENTENCE_FEATURES, wide), "a": (wide,), "down": (wide, st.TOKEN_SCORES),
        "answers": (wide, len(YES_NO)), "answers_b": (len(YES_NO),),
        "support": (wide, len(NINE_SUPPORTS)), "support_b": (len(NINE_SUPPORTS),),
        "asks": (wide, near), "replies": (wide, near), "own": (wide, st.POINTERS), "own_b": (st.POINTERS,),
        **{f"V{n}": (3 * wide, wide) for n in range(3)}, **{f"v{n}": (wide,) for n in range(3)},
    }  # fmt: skip
    return st.Student(network, {name: rows(rng, *size) for name, size in sizes.items()})


def readings(student, *texts):
    return student.read(DocBatch.of(*(segment(Document(text)) for text in texts))).readings


def assert_same(one, other, least=1e-5):
    for name, given in one.arrays().items():
        np.testing.assert_allclose(given, other.arrays()[name], atol=least, err_msg=name)


def test_an_article_is_read_alike_alone_and_among_others(student):
    for text, together in zip(TEXTS, readings(student, *TEXTS), strict=True):
        assert_same(readings(student, text)[0], together)


def test_a_reading_has_a_row_for_each_sentence_and_token(student):
    parts = [segment(Document(text)) for text in TEXTS]
    for document, reading in zip(parts, readings(student, *TEXTS), strict=True):
        assert {len(reading.arrays()[n]) for n in BY_SENTENCE} == {len(document.sentences)}
        assert {len(reading.arrays()[n]) for n in BY_TOKEN} == {len(document.tokens)}


def test_a_long_text_is_read_as_its_parts_are(student):
    """In a text of two thousand sentences, distant sentences do not affect each other."""
    sentence = "The mayor said the weir may fail. Prices rose in May, an official said. "
    (long,) = readings(student, sentence * 1000)
    (short,) = readings(student, sentence * 60)
    np.testing.assert_allclose(long.answers[40:60], short.answers[40:60], atol=1e-5)


def test_pointers_stay_in_the_article(student):
    for reading in readings(student, *TEXTS):
        here = np.arange(len(reading.pointer))
        for column, offset in enumerate(range(-st.POINTER_REACH, st.POINTER_REACH + 1)):
            outside = (here + offset < 0) | (here + offset >= len(here))
            assert (reading.pointer[outside, column] == 0).all()
        np.testing.assert_allclose(reading.pointer.sum(1), 1, atol=1e-5)


def test_a_sentence_sees_its_neighbours_and_no_other_article(student):
    one, other = readings(student, TEXTS[0], TEXTS[2]), readings(student, TEXTS[0], TEXTS[1])
    assert_same(one[0], other[0])
    changed = readings(student, TEXTS[0].replace("denied", "said"))[0]
    assert np.abs(changed.answers[0] - one[0].answers[0]).max() > 1e-6


def test_arrays_give_the_student_again(student):
    again = st.Student.from_arrays(student.to_arrays())
    for text in TEXTS:
        assert_same(readings(student, text)[0], readings(again, text)[0], least=0.02)


@pytest.mark.parametrize("name", ["questions", "sentence_answers", "network_rows"])
def test_incomplete_arrays_are_refused(student, name):
    arrays = student.to_arrays()
    del arrays[name]
    with pytest.raises(InvalidBundle):
        st.Student.from_arrays(arrays)


def test_heads_of_words_share_the_scores(student):
    stops = [columns.stop for columns in st.TOKEN_HEADS.values()]
    starts = [columns.start for columns in st.TOKEN_HEADS.values()]
    assert starts == [0, *stops[:-1]]
    assert stops[-1] == st.TOKEN_SCORES == len(st.token_names())
    assert all(a < b for a, b in pairwise(stops))


def test_training_computes_what_scoring_computes():
    """Without dropout, PyTorch's scores equal NumPy's."""
    torch = pytest.importorskip("torch")
    from reportedly.annotation.reader.learning import student as learning  # noqa: PLC0415 - needs PyTorch
    from reportedly.annotation.reader.learning.articles import StudentArticle  # noqa: PLC0415
    from reportedly.annotation.tokens.network import Words  # noqa: PLC0415

    rng = np.random.default_rng(1)
    parts = [segment(Document(text)) for text in TEXTS]
    known = Words(["said"], rows(rng, 1, 4), {}, (2, 2, 2, 2, 2))
    articles = []
    for document in parts:
        layout = DocBatch.of(document)
        place = np.zeros((len(document.tokens), len(TOKEN_FEATURES)), np.int64)
        told = {
            "answers": (len(document.sentences), len(YES_NO)), "support": (len(document.sentences), 9),
            "pointer": (len(document.sentences), st.POINTERS), "tags": (len(document.tokens), len(TAGS)),
            "words": (len(document.tokens), 7), "hedges": (len(document.tokens), 9), "voice": (len(document.tokens), 1),
        }  # fmt: skip
        articles.append(
            StudentArticle(
                document.tokens.forms, place, [(s.first, s.last) for s in document.sentences],
                st.sentence_features(layout, place), {n: rng.random(shape).astype(np.float32) for n, shape in told.items()},
                np.zeros(len(document.tokens), np.int64),
            )
        )  # fmt: skip
    settings = learning.StudentSettings(
        width=8, dilations=(1, 2), sentence_width=6, pointer_width=3, epochs=2, tokens=50,
        dropout=0.0, input_dropout=0.0, vector_dropout=0.0, word_dropout=0.0, threads=1,
    )  # fmt: skip
    said = []
    first = learning.train_student(articles, known, settings, said.append)
    again = learning.train_student(articles, known, settings, said.append)
    assert len(said) == 4
    torch.manual_seed(0)
    for one, other in zip(readings(first, *TEXTS), readings(again, *TEXTS), strict=True):
        assert_same(one, other)
