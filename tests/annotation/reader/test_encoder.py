"""The encoder: word pieces as in its library, readings independent of batches, restoring from arrays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportedly.annotation.reader.encoder import Encoder, in_bytes
from reportedly.annotation.reader.labels import (
    HEDGES,
    NINE_SUPPORTS,
    TAGS,
    WORDS,
    YES_NO,
)
from reportedly.annotation.reader.pair import EncoderAlone, ReaderPair, reader_of
from reportedly.annotation.reader.student import POINTERS, Student
from reportedly.annotation.reader.windows import MARK_PIECES
from reportedly.annotation.reader.word_pieces import WordPieces
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.bundle import shipped
from reportedly.datamodel import Document
from reportedly.errors import InvalidBundle
from reportedly.reading.segmentation import segment

VOCABULARY = (
    *MARK_PIECES, "[UNK]", *"abcdefghijklmnopqrstuvwxyz0123456789.,“”", *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"),
    "said", "mayor", "##ing", "harbour",
)  # fmt: skip
WIDTH = 24
TEXT = "The mayor said “the harbour is closing”. Nobody would say why.\n\nShe may speak on Monday."


def some_weights():
    """Return small random weights of an encoder with two layers."""
    rng = np.random.default_rng(5)

    def rows(*shape):
        return (rng.standard_normal(shape) * 0.2).astype(np.float32)

    p = {"words": rows(len(VOCABULARY), WIDTH), "places": rows(256, WIDTH), "types": rows(2, WIDTH)}
    p |= {"norm.w": np.ones(WIDTH, np.float32), "norm.b": rows(WIDTH)}
    for layer in range(2):
        for name in ("q", "k", "v", "o"):
            p |= {f"{layer}.{name}": rows(WIDTH, WIDTH), f"{layer}.{name}.b": rows(WIDTH)}
        p |= {f"{layer}.in": rows(WIDTH, 48), f"{layer}.in.b": rows(48)}
        p |= {f"{layer}.out": rows(48, WIDTH), f"{layer}.out.b": rows(WIDTH)}
        for name in ("norm1", "norm2"):
            p |= {f"{layer}.{name}.w": np.ones(WIDTH, np.float32), f"{layer}.{name}.b": rows(WIDTH)}
    heads = {"tags": len(TAGS), "words": len(WORDS), "hedges": len(HEDGES), "voice": 1}
    for name, count in heads.items():
        p |= {f"{name}.w": rows(WIDTH, count), f"{name}.b": rows(count)}
    wide = {
        "answers": len(YES_NO),
        "support": len(NINE_SUPPORTS),
        "asks": 8,
        "replies": 8,
        "own": POINTERS,
    }
    for name, count in wide.items():
        p |= {f"{name}.w": rows(3 * WIDTH, count), f"{name}.b": rows(count)}
    return p  # fmt: skip


@pytest.fixture(scope="module")
def encoder():
    """Return an encoder of random weights."""
    return Encoder(VOCABULARY, some_weights())


@pytest.fixture(scope="module")
def whole():
    """Return the encoder that ships."""
    reader = shipped().detectors_by("encoder").attribution.reader
    assert isinstance(reader, ReaderPair)
    return reader.encoder


def test_words_are_cut_into_the_longest_pieces_known():
    """Pieces are lower case without accents, punctuation separate; a word that cannot be spelled is one unknown piece."""
    cutter = WordPieces(VOCABULARY)
    ids, places = cutter.cut("Mayór, saiding ☂x")
    assert [cutter.vocabulary[n] for n in ids] == ["mayor", ",", "said", "##ing", "[UNK]"]
    assert places == [(0, 5), (5, 6), (7, 11), (11, 14), (15, 17)]


@given(st.text(max_size=80))
def test_pieces_stand_in_order_where_their_letters_do(text):
    """On any text, the places of pieces ascend and lie inside the text."""
    ids, places = WordPieces(VOCABULARY).cut(text)
    assert len(ids) == len(places)
    assert all(0 <= a < b <= len(text) for a, b in places)
    assert [a for a, _ in places] == sorted(a for a, _ in places)


def test_pieces_are_those_of_the_library(whole):
    """On odd text, scoring cuts the same pieces as the library that trained the encoder."""
    tokenizers = pytest.importorskip("tokenizers")
    names = whole.word_pieces.vocabulary
    model = tokenizers.models.WordPiece({n: i for i, n in enumerate(names)}, unk_token="[UNK]")
    library = tokenizers.Tokenizer(model)
    library.normalizer = tokenizers.normalizers.BertNormalizer(lowercase=True)
    library.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    texts = (
        TEXT, "Ünïcode naïve £2.3billion it’s \u200b zero\u00adsoft İstanbul ŒUVRE ﬁne … — x_y a\u0301b ² ½ ™",
        "北京 a🙂b don't $5.00", "x" * 140, "", "\ufffd\x00a",
    )  # fmt: skip
    for text in texts:
        found = library.encode(text, add_special_tokens=False)
        assert (found.ids, found.offsets) == whole.word_pieces.cut(text)


def test_a_reading_has_a_row_for_each_sentence_and_token(encoder):
    """Every sentence and token has probabilities, and exclusive ones add up to 1."""
    document = segment(Document(TEXT))
    found = encoder.read(document)
    assert found.answers.shape == (len(document.sentences), len(YES_NO))
    assert found.tags.shape == (len(document.tokens), len(TAGS))
    for rows in (found.support, found.pointer, found.tags, found.hedges):
        np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-5)


def test_long_texts_and_sentences_are_read_to_their_end(encoder):
    """Every sentence has an answer, among two thousand in windows and for one of a thousand words read in part."""
    many = segment(Document("The mayor said so. " * 2000))
    found = encoder.read(many)
    assert len(found.answers) == len(many.sentences)
    assert (found.answers > 0).all()
    endless = segment(Document("said the mayor of " * 500 + "the harbour."))
    assert np.isfinite(encoder.read(endless).answers).all()


def test_bytes_hold_a_matrix_within_half_a_step():
    """Each column is stored with a scale of its own, to within half a step."""
    matrix = np.random.default_rng(0).standard_normal((40, 7)).astype(np.float32) * np.arange(1, 8)
    stored, scale = in_bytes(matrix.astype(np.float32))
    assert stored.dtype == np.int8
    assert np.abs(stored * scale - matrix).max() <= scale.max() / 2 + 1e-6


def test_arrays_give_the_encoder_again(encoder):
    """An encoder restored from its arrays reads the same; a missing array is refused."""
    arrays = encoder.to_arrays()
    document = segment(Document(TEXT))
    again = Encoder.from_arrays(arrays).read(document)
    np.testing.assert_array_equal(again.answers, encoder.read(document).answers)
    with pytest.raises(InvalidBundle, match="encoder: incomplete arrays"):
        Encoder.from_arrays({n: a for n, a in arrays.items() if n != "vocabulary"})


def test_a_pair_says_the_mean_of_both(encoder):
    """The pair returns the mean of student and encoder, alone and in a batch."""
    student = shipped().detectors.attribution.reader
    assert isinstance(student, Student)
    pair = ReaderPair(student, encoder)
    one, other = segment(Document(TEXT)), segment(Document("The board may resign, he said."))
    read = pair.read(DocBatch.of(one, other)).readings
    alone = pair.read(DocBatch.of(one)).readings[0]
    np.testing.assert_allclose(read[0].answers, alone.answers, atol=1e-5)
    mean = (student.read(DocBatch.of(one)).readings[0].answers + encoder.read(one).answers) / 2
    np.testing.assert_allclose(alone.answers, mean, atol=1e-6)
    assert isinstance(reader_of(pair.to_arrays()), ReaderPair)


def test_the_encoder_alone_reads_as_if_there_were_no_student(encoder, monkeypatch):
    """The ledger is trained on such readings of articles from which the student has learnt; the student's are not computed."""
    student = shipped().detectors.attribution.reader
    assert isinstance(student, Student)
    layout = DocBatch.of(segment(Document(TEXT)))
    pair = ReaderPair(student, encoder).read(layout)
    monkeypatch.delattr(Student, "read")
    read = EncoderAlone(student, encoder).read(layout)
    own = encoder.read(layout.documents[0]).arrays()
    (alone,) = read.readings
    assert all(np.array_equal(array, own[name]) for name, array in alone.arrays().items())
    assert read.scores.shape == pair.scores.shape
    assert np.array_equal(read.scores.argmax(axis=1), alone.tags.argmax(axis=1))
    assert np.array_equal(read.place, pair.place)
    assert np.array_equal(read.kinds, pair.kinds)


def test_training_computes_what_scoring_computes(whole):
    """PyTorch's teacher and the exported encoder agree, up to the rounding of matrices to bytes."""
    pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    from reportedly.annotation.reader.learning.articles import pack_articles  # noqa: PLC0415
    from reportedly.annotation.reader.learning.exporting import weights_of  # noqa: PLC0415
    from reportedly.annotation.reader.learning.network import Teacher, read  # noqa: PLC0415
    from reportedly.annotation.reader.learning.soft_labels import (  # noqa: PLC0415
        as_article,
        reading_of,
    )

    names = whole.word_pieces.vocabulary
    config = transformers.BertConfig(
        vocab_size=len(names), hidden_size=48, num_hidden_layers=2, num_attention_heads=12, intermediate_size=64,
        max_position_embeddings=512,
    )  # fmt: skip
    teacher = Teacher(transformers.BertModel(config, add_pooling_layer=False)).eval()
    ours = Encoder(names, weights_of(teacher))
    document = segment(Document(TEXT * 12, "Mayor closes the harbour"))
    packed = pack_articles(
        [as_article(document)], lambda texts: [ours.word_pieces.cut(t) for t in texts]
    )
    theirs = reading_of(document, packed, read(teacher, packed, ours.marks, _cpu(), half=False), 0)
    for name, rows in ours.read(document).arrays().items():
        np.testing.assert_allclose(rows, theirs.arrays()[name], atol=2e-3, err_msg=name)


def _cpu():
    import torch  # noqa: PLC0415

    return torch.device("cpu")
