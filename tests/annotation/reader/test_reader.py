"""What the reader's teacher learns from: places of words, targets, windows, decisions; and the network, if PyTorch is installed."""

from importlib.util import find_spec

import numpy as np
import pytest

from reportedly.annotation.attribution.learning.fitting import LABELS
from reportedly.annotation.reader.alignment import find_words, place, place_each
from reportedly.annotation.reader.decisions import answer_questions, choose_rules
from reportedly.annotation.reader.labels import (
    HEDGES,
    NINE_SUPPORTS,
    POINTER_REACH,
    TAGS,
    WORDS,
    YES_NO,
    answers_of,
    piece_labels,
    sentence_labels,
    support_of,
    tagged,
)
from reportedly.annotation.reader.learning.articles import (
    antecedent_bits,
    cut,
    pack_articles,
    pointer_bits,
)
from reportedly.annotation.reader.windows import Marks, lay_out_window, windows
from reportedly.datamodel import Document
from reportedly.errors import InvalidCorpus
from reportedly.training.reader import packed_sets

TEXT = "The weir may fail, Ilse Brandt said. “It leaks,” she said.\n\nAn official denied it."
SENTENCES = [(0, 36), (37, 58), (60, 82)]


def record(**given):
    return {
        "furniture": False, "attribution": [], "anonymity": None, "hedges": [], "checkworthy": False,
        "support": None, **given,
    }  # fmt: skip


def said(source, cue, source_class="named_person", entity="brandt"):
    return {"source": source, "cue": cue, "class": source_class, "entity": entity}


RECORDS = [
    record(
        attribution=[said("Ilse Brandt", "said")],
        hedges=[{"cue": "may", "kind": "epistemic", "voice": "source"}],
        checkworthy=True, support="named", support_fine="interested", support_at=[0], worth=2,
    ),
    record(attribution=[said("she", "said")], checkworthy=True, support="named", support_fine="named",
           support_at=[0], worth=1),
    record(attribution=[said("An official", "denied", "unnamed", "official")]),
]  # fmt: skip


def words_of(texts):
    """Stand in for the tokeniser: pieces are the words, and their ids are the lengths."""
    found = []
    for text in texts:
        spans, at = [], 0
        for word in text.split():
            start = text.index(word, at)
            at = start + len(word)
            spans.append((start, at))
        found.append(([b - a for a, b in spans], spans))
    return found


@pytest.fixture
def packed():
    article = cut(Document(TEXT, "Weir may fail", "weir"), "gold2", SENTENCES, RECORDS)
    return pack_articles([article], words_of)


# -- where words stand --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "words", "expected"),
    [
        ("The MAYOR’s aide said so.", "the mayor's aide", ["The MAYOR’s aide"]),
        ("“No”,  he\nsaid.", "he said", ["he\nsaid"]),
        ("He told, on Monday, the Echo.", "told ... the Echo", ["told", "the Echo"]),
        ("Aids said the aide left.", "aid", ["Aid"]),
        ("The sea said nothing.", "he", ["he"]),
        ("The sea: he said nothing.", "he", ["he"]),
        ("It rained.", "snowed", None),
        ("It rained.", " ... ", None),
    ],
)
def test_words_are_found_as_they_stand(sentence, words, expected):
    """Marks, case and blanks are ignored; whole words count before parts of words."""
    found = find_words(sentence, words)
    assert [[sentence[a:b] for a, b in spans] for spans in found[:1]] == (
        [expected] if expected else []
    )


def test_whole_words_go_before_parts_of_words():
    assert find_words("The sea: he said nothing.", "he") == [((9, 11),)]


def test_of_like_words_those_nearest_to_one_another_are_taken():
    sentence = "He said no, and she said yes, he said."
    (first, second, third) = place(sentence, [("He", "said"), ("she", "said"), ("he", "said")])
    assert first == (((0, 2),), ((3, 7),))
    assert second == (((16, 19),), ((20, 24),))
    assert third == (((30, 32),), ((33, 37),))


def test_like_hedges_stand_at_places_of_their_own():
    assert place_each("It may or may not.", ["may", "may", "might"]) == [((3, 6),), ((10, 13),), ()]


def test_finding_words_is_linear_in_hostile_sentences():
    assert find_words("said " * 20_000, "said ... never ... said") == []


# -- targets --------------------------------------------------------------------------------------


def test_answers_follow_the_annotation_and_mask_what_it_does_not_say():
    answers = dict(zip(YES_NO, answers_of(RECORDS[0]).tolist(), strict=True))
    yes = {name for name, value in answers.items() if value == 1}
    assert yes == {
        "attributed", "named", "named_person", "hedged", "hedged_by_source", "checkworthy", "not_shown",
        "worth_1", "worth_2",
    }  # fmt: skip
    part_one = record(checkworthy=True, support="none")
    masked = dict(zip(YES_NO, answers_of(part_one).tolist(), strict=True))
    assert masked["worth_1"] == masked["not_shown"] == -1
    assert masked["unverified"] == 1
    assert answers_of({"furniture": True, "s": 0}).sum() == 1


def test_a_source_without_words_carries_on_unless_it_is_nobody():
    at = YES_NO.index("carries_on")
    assert answers_of(record(attribution=[said("", "")]))[at] == 1
    assert answers_of(record(attribution=[said("", "", "vague", "nobody")]))[at] == 0


def test_part_one_allows_both_kinds_of_support_that_it_does_not_tell_apart():
    def allowed(bits):
        return [name for n, name in enumerate(NINE_SUPPORTS) if bits >> n & 1]

    assert allowed(support_of(record(checkworthy=True, support="record"))) == ["record", "reporter"]
    assert allowed(support_of(RECORDS[0])) == ["interested"]
    assert support_of(record()) == 0


def test_pointers_and_antecedents_are_counted_from_the_sentence():
    first, second, third = sentence_labels(RECORDS)
    assert pointer_bits(0, first) == 1 << POINTER_REACH
    assert pointer_bits(1, second) == 1 << (POINTER_REACH - 1)
    assert pointer_bits(2, third) == 0
    assert (antecedent_bits(0, first), antecedent_bits(1, second)) == (1 << 10, 1)
    assert antecedent_bits(2, third) == 1 << 10


def test_pieces_have_the_words_of_their_annotation():
    sentence = TEXT[:36]
    pieces = words_of([sentence])[0][1]
    labels = piece_labels(sentence, RECORDS[0], pieces)
    assert np.flatnonzero(labels.words[:, WORDS.index("named_person")]).tolist() == [4, 5]
    assert np.flatnonzero(labels.words[:, WORDS.index("cue")]).tolist() == [6]
    assert HEDGES[labels.hedges[2]] == "B-epistemic"
    assert (labels.voice >= 0).sum() == 1
    tags = [[t for n, t in enumerate(TAGS) if bits >> n & 1] for bits in labels.tags.tolist()]
    assert tags[4:7] == [["B-S<"], ["I-S<"], ["B-C"]]
    assert set(tags[0]) == {
        "O",
        "G",
        "B-K<",
        "I-K<",
        "B-K>",
        "I-K>",
    }  # gold says nothing of contents


def test_tags_are_those_of_the_attribution_network():
    assert TAGS == LABELS


def test_a_tag_begins_at_the_first_piece_of_its_token_alone():
    ids = [TAGS.index("B-C"), TAGS.index("O")]
    bits = tagged([(0, 6), (7, 9)], ids, [(0, 3), (3, 6), (7, 9)])
    assert [TAGS[int(np.log2(b))] for b in bits] == ["B-C", "I-C", "O"]


def test_packing_keeps_every_sentence_and_piece(packed):
    assert packed["article_sentences"].tolist() == [0, 3]
    assert packed["sentence_pieces"].tolist() == [0, 7, 11, 15]
    assert [TEXT[a:b] for a, b in packed["offsets"][11:]] == ["An", "official", "denied", "it."]
    assert packed["paragraph_starts"].tolist() == [True, False, True]
    assert packed["quoted"].tolist() == [0] * 7 + [1, 1, 0, 0] + [0] * 4


# -- windows --------------------------------------------------------------------------------------


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("first", [None, 40])
def test_windows_judge_each_sentence_once_within_their_budget(whole, first):
    rng = np.random.default_rng(3)
    for _ in range(200):
        lengths = rng.choice([1, 5, 20, 60, 161], size=rng.integers(0, 50)).tolist()
        found = list(windows(lengths, 223, first=first, whole=whole))
        assert [n for w in found for n in range(w.low, w.high)] == list(range(len(lengths)))
        assert all(sum(lengths[w.first : w.last]) <= 223 for w in found)
        assert all(w.first <= w.low < w.high <= w.last for w in found)


def test_a_judged_sentence_has_sentences_on_both_sides():
    inner = list(windows([25] * 60, 223))[1:-1]
    assert all(w.first < w.low and w.high < w.last for w in inner)


def test_a_window_is_laid_out_with_its_marks(packed):
    window = next(windows([8, 5, 5], 223))
    laid = lay_out_window(
        window, packed["pieces"].astype(np.int64), packed["sentence_pieces"],
        packed["quoted"].astype(np.int64), packed["paragraph_starts"].tolist(), [77], Marks(*range(91, 97)),
    )  # fmt: skip
    assert laid.ids[:4].tolist() == [91, 77, 92, 95]
    assert laid.ids[laid.begins].tolist() == [94, 93, 94]
    assert laid.ids[-2:].tolist() == [96, 92]
    assert laid.source[laid.source >= 0].tolist() == list(range(15))


# -- decisions ------------------------------------------------------------------------------------


def answered(packed, **columns):
    """Return an invented reading: all 0 but for the given answers of all sentences."""
    pieces, sentences = len(packed["pieces"]), len(packed["answers"])
    found = {
        "answers": np.zeros((sentences, len(YES_NO))), "support": np.zeros((sentences, len(NINE_SUPPORTS))),
        "pointer": np.zeros((sentences, 13)), "words": np.zeros((pieces, len(WORDS))),
        "hedges": np.tile(np.eye(len(HEDGES))[0], (pieces, 1)), "voice": np.zeros((pieces, 1)),
    }  # fmt: skip
    for name, values in columns.items():
        found["answers"][:, YES_NO.index(name)] = values
    return found


def test_thresholds_come_from_the_articles_given(packed):
    """The threshold is low, because the only anonymous source has a low probability."""
    found = answered(packed, anonymous=[0.1, 0.12, 0.4])
    rules = choose_rules(packed, found)
    assert answer_questions(packed, found, rules)["anonymous"].tolist() == [False, False, True]
    assert answer_questions(packed, answered(packed, anonymous=[0.6, 0.1, 0.1]), rules)[
        "anonymous"
    ][0]


def test_a_folder_without_the_data_is_refused(tmp_path):
    with pytest.raises(InvalidCorpus, match="is missing; expected a folder with gold/"):
        packed_sets(tmp_path, tmp_path, print)


# -- the network ----------------------------------------------------------------------------------

needs_torch = pytest.mark.skipif(
    find_spec("torch") is None or find_spec("transformers") is None,
    reason="PyTorch and transformers are not installed (extra `train`)",
)


@pytest.fixture
def tiny():
    """Return a teacher with a small untrained encoder."""
    import torch  # noqa: PLC0415
    from transformers import BertConfig, BertModel  # noqa: PLC0415

    from reportedly.annotation.reader.learning.network import Teacher  # noqa: PLC0415

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=100, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        attn_implementation="eager",
    )  # fmt: skip
    return Teacher(BertModel(config))


@needs_torch
@pytest.mark.filterwarnings("ignore")
def test_what_is_masked_teaches_nothing(tiny, packed):
    """An article without annotation has no loss; an annotated one has a loss for each of its heads."""
    from reportedly.annotation.reader.learning.network import batch_of, losses, windows_of  # noqa: PLC0415

    plain = pack_articles([cut(Document(TEXT, "", "plain"))], words_of)
    values = {}
    for name, arrays in (("plain", plain), ("gold", packed)):
        batch = batch_of(arrays, windows_of(arrays, Marks(*range(91, 97))))
        found = losses(tiny(batch, half=False), batch, arrays)
        values[name] = {head: float(value) for head, value in found.items()}
    assert set(values["plain"].values()) == {0.0}
    assert all(value > 0 for value in values["gold"].values())


@needs_torch
@pytest.mark.filterwarnings("ignore")
def test_an_article_is_read_the_same_alone_and_among_others(tiny, packed):
    import torch  # noqa: PLC0415

    from reportedly.annotation.reader.learning.network import read  # noqa: PLC0415

    article = cut(Document(TEXT, "Weir may fail", "weir"), "gold2", SENTENCES, RECORDS)
    longer = cut(Document(TEXT + " " + TEXT, "More", "more"))
    many = pack_articles([longer, article, longer], words_of)
    marks = Marks(*range(91, 97))
    alone = read(tiny, packed, marks, torch.device("cpu"), half=False)
    among = read(tiny, many, marks, torch.device("cpu"), half=False)
    low, high = many["article_sentences"][1:3]
    assert np.allclose(alone["answers"], among["answers"][low:high], atol=2e-3)
    assert np.allclose(alone["pointer"], among["pointer"][low:high], atol=2e-3)


@needs_torch
def test_a_teacher_of_several_runs_has_the_mean_of_their_weights(tmp_path):
    import torch  # noqa: PLC0415

    from reportedly.annotation.reader.learning.fitting import mean_weights  # noqa: PLC0415

    files = []
    for number in (1.0, 3.0):
        weights = {"layer": torch.full((2, 2), number).half(), "positions": torch.arange(4)}
        files.append(tmp_path / f"{number}.pt")
        torch.save({"weights": weights}, files[-1])
    mean = mean_weights(files)
    assert mean["layer"].tolist() == [[2.0, 2.0], [2.0, 2.0]]
    assert mean["layer"].dtype == torch.float16
    assert mean["positions"].tolist() == [0, 1, 2, 3]
